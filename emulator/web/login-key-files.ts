import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The console calls it `tcb_custom_login_key(<env>).json`, the manual's examples `tcb_custom_login.json`. */
const NAME = /custom[-_]?login.*\.json$/i
/** The folder of all functions, a function's own, and one below. */
const DEEPEST = 2

/** Texts of the custom-login key files that lie with a project's functions, in order of their paths. */
export function readLoginKeyFiles(functionsDir: string, depth = 0): string[] {
  if (!existsSync(functionsDir)) return []
  const entries = readdirSync(functionsDir, { withFileTypes: true })
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(functionsDir, entry.name)
      if (entry.isFile()) return NAME.test(entry.name) ? [readFileSync(path, 'utf8')] : []
      const isFolderToRead = entry.isDirectory() && entry.name !== 'node_modules' && depth < DEEPEST
      return isFolderToRead ? readLoginKeyFiles(path, depth + 1) : []
    })
}
