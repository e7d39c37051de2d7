import type { Context } from '../../_kernel/index.ts'
import { anyRows } from '../rows.ts'
import { readFile, replaceStretch } from './files.ts'
import type { Restore } from './model.ts'

/** What a step wants to copy: files one by one, then the collections of which the backup had no row. */
export function stepsOf(restore: Restore, collections: readonly string[]): CopyStep[] {
  const files = restore.files.filter(({ collection }) => collections.includes(collection))
  const steps = files.map((file, at): CopyStep => {
    const isFirst = files[at - 1]?.collection !== file.collection
    const isLast = files[at + 1]?.collection !== file.collection
    return { collection: file.collection, file, isLast, before: isFirst ? undefined : files[at - 1] }
  })
  const empty = collections.filter((name) => !files.some(({ collection }) => collection === name))
  return [...steps, ...empty.map((collection): CopyStep => ({ collection, isLast: true }))]
}

export interface CopyStep {
  collection: string
  file?: Restore['files'][number]
  /** The file whose last row this one begins after. */
  before?: Restore['files'][number]
  isLast: boolean
}

/** Copies one file into place, or empties a collection. From the file itself, whose checksum proves it, each time. */
export async function copy(ctx: Context, step: CopyStep, target: string): Promise<void> {
  const rows = step.file ? await readFile(ctx, step.file) : []
  const before = step.before ? await readFile(ctx, step.before) : []
  await replaceStretch(ctx, anyRows(target), before.at(-1)?._id ?? '', rows, step.isLast)
}
