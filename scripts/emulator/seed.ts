import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Emulator, ProjectError } from '../../emulator/index.ts'

/**
 * Runs `seed(cloud)` of a module once per data folder; what was cut short is begun again at the next start.
 *
 * @param onStart called before the module runs, if it does.
 * @returns whether it ran.
 */
export async function seedCloud(
  cloud: Emulator,
  file: string,
  { isNew, data }: { isNew: boolean; data: string | undefined },
  onStart: () => void = () => {},
): Promise<boolean> {
  const marker = data === undefined ? undefined : join(data, 'seeding')
  if (!isNew && !(marker !== undefined && existsSync(marker))) return false
  if (!existsSync(file)) throw new ProjectError(`no such seed: ${file}`)
  // Loaded only when there is something to seed: it would cost every start 50 ms.
  const { tsImport } = await import('tsx/esm/api')
  const module: { seed?: unknown } = await tsImport(pathToFileURL(resolve(file)).href, import.meta.url)
  if (typeof module.seed !== 'function') throw new ProjectError(`${file} must export seed(cloud)`)
  if (marker !== undefined) writeFileSync(marker, file)
  onStart()
  await module.seed(cloud)
  if (marker !== undefined) rmSync(marker)
  return true
}
