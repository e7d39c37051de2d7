/** A snapshot on its way in, on disk until all of it is in force: what a stop interrupts, the next start completes. */
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { open, rename } from 'node:fs/promises'

export interface Pending {
  keep(snapshot: unknown): Promise<void>
  /** Undefined when none was interrupted. */
  read(): unknown
  clear(): void
}

/** @param path undefined when nothing is kept anyway. */
export function createPending(path: string | undefined): Pending {
  return {
    async keep(snapshot) {
      if (path === undefined) return
      const draft = `${path}.draft`
      const file = await open(draft, 'w')
      try {
        await file.writeFile(JSON.stringify(snapshot))
        await file.sync()
      } finally {
        await file.close()
      }
      await rename(draft, path)
    },
    read: () =>
      path !== undefined && existsSync(path)
        ? (JSON.parse(readFileSync(path, 'utf8')) as unknown)
        : undefined,
    clear() {
      if (path !== undefined) rmSync(path, { force: true })
    },
  }
}
