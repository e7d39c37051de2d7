/** MongoDB's limit on what a stage may hold at a time; the platform does not let a stage use the disk. */
import { calculateObjectSize } from 'bson'
import { requestFailed } from '../errors.ts'
import type { Document } from '../values.ts'

const MAX_STAGE_BYTES = 100 * 1024 * 1024
/** Fewer documents never reach the limit unless each is near its own. */
const SAMPLE = 64

const words: Record<string, string> = {
  $sort: `Sort exceeded memory limit of ${MAX_STAGE_BYTES} bytes, but did not opt in to external sorting. Aborting operation.`,
  $group: `Exceeded memory limit for $group, but didn't allow external sort.`,
  $bucketAuto: `$bucketAuto exceeded memory limit.`,
  $facet: `$facet stage exceeded memory limit of ${MAX_STAGE_BYTES} bytes.`,
}

/** Refuses a stage that must hold all documents when they are too large together, judged by a sample of them. */
export function assertStageMemory(stage: string, documents: Document[]): void {
  const refusal = Object.hasOwn(words, stage) ? words[stage] : undefined
  if (refusal === undefined || documents.length < SAMPLE) return
  const step = Math.floor(documents.length / SAMPLE)
  let bytes = 0
  for (let i = 0; i < SAMPLE; i++) bytes += calculateObjectSize(documents[i * step] ?? {})
  if ((bytes / SAMPLE) * documents.length > MAX_STAGE_BYTES) throw requestFailed(refusal)
}
