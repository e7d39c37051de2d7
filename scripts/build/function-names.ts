import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** The deployable functions: folders of `cloudfunctions/` that have an index.ts and no leading underscore. */
export function functionNames(repoDir: string): string[] {
  const sourceDir = join(repoDir, 'cloudfunctions')
  if (!existsSync(sourceDir)) return []
  return readdirSync(sourceDir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('_'))
    .map((entry) => entry.name)
    .filter((name) => existsSync(join(sourceDir, name, 'index.ts')))
    .sort()
}
