import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'

/** Keeps a second local cloud out of a data folder. */
export interface DataLock {
  /** Tells where the holder listens; a later start asks there whether it still lives. */
  announce(url: string): void
  release(): void
}

export class DataInUse extends Error {
  override name = 'DataInUse'
}

const content = z.object({ pid: z.number(), url: z.string().optional() })

export async function lockData(dir: string): Promise<DataLock> {
  mkdirSync(dir, { recursive: true })
  const path = join(dir, 'lock.json')
  for (let attempt = 0; ; attempt++) {
    try {
      writeFileSync(path, JSON.stringify({ pid: process.pid }), { flag: 'wx' })
      break
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST') || attempt > 2) throw error
    }
    const holder = readHolder(path)
    if (holder && (await isAlive(holder))) {
      throw new DataInUse(
        `${dir} is in use by another local cloud (process ${holder.pid}${holder.url ? ` at ${holder.url}` : ''}): stop it, or choose another --data folder`,
      )
    }
    rmSync(path, { force: true })
  }
  return {
    announce: (url) => writeFileSync(path, JSON.stringify({ pid: process.pid, url })),
    release: () => rmSync(path, { force: true }),
  }
}

type Holder = z.output<typeof content>

function readHolder(path: string): Holder | undefined {
  try {
    return content.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    // Gone meanwhile, or cut short by a kill while it was written.
    return undefined
  }
}

/** After a kill, the number may belong to another program by now: only a local cloud answers as one. */
async function isAlive({ pid, url }: Holder): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false
  }
  if (url === undefined) return true
  try {
    const health = await fetch(`${url}/control/health`, { signal: AbortSignal.timeout(2_000) })
    return z.object({ pid: z.number() }).parse(await health.json()).pid === pid
  } catch {
    return false
  }
}
