import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

interface Stamp {
  names: string[]
  /** Path -> size and time of change, or null for a file that was not there. */
  files: Record<string, string | null>
}

/** Whether nothing that went into the last build has changed since. Looks at sizes and times, reads no source. */
export function isUpToDate(stampFile: string, repoDir: string, names: string[]): boolean {
  const stamp = readStamp(stampFile)
  if (stamp === undefined || stamp.names.join() !== names.join()) return false
  return Object.entries(stamp.files).every(([path, mark]) => markOf(join(repoDir, path)) === mark)
}

export function writeStamp(stampFile: string, repoDir: string, names: string[], inputs: string[]): void {
  // Packages change only with the lock file, which stands for all of them.
  const sources = inputs.filter((path) => !path.includes('node_modules'))
  const files = [...sources, join(repoDir, 'package-lock.json')].map((path) => [
    path.slice(repoDir.length + 1),
    markOf(path),
  ])
  mkdirSync(dirname(stampFile), { recursive: true })
  writeFileSync(stampFile, JSON.stringify({ names, files: Object.fromEntries(files) } satisfies Stamp))
}

function readStamp(stampFile: string): Stamp | undefined {
  try {
    return JSON.parse(readFileSync(stampFile, 'utf8'))
  } catch {
    return undefined
  }
}

function markOf(path: string): string | null {
  const stat = statSync(path, { throwIfNoEntry: false })
  return stat === undefined ? null : `${stat.size}@${stat.mtimeMs}`
}
