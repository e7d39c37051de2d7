import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../core/faults.ts'
import { openDatabase } from './test-support/open.ts'

const KILLS_PER_FOLDER = 10
const writer = fileURLToPath(new URL('./crash-safety.writer.ts', import.meta.url))

/** Lets the writer acknowledge `lines` writes, kills it with SIGKILL, and returns every line it printed. */
async function writeAndKill(dir: string, run: string, lines: number): Promise<string[]> {
  const child = spawn(process.execPath, ['--import', 'tsx', writer, dir, run], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
    if (output.split('\n').length > lines) child.kill('SIGKILL')
  })
  const [, signal] = await once(child, 'close')
  expect(signal, errors).toBe('SIGKILL')
  // The last line may have been cut off by the kill; a cut line acknowledges nothing.
  return output.split('\n').slice(0, -1)
}

/** Everything acknowledged is there, nothing is half there, and the index agrees with the documents. */
async function check(dir: string, acknowledged: string[]): Promise<void> {
  const { database, get, count } = openDatabase({ dir })
  try {
    const all = new Map<unknown, Record<string, unknown>>()
    for (let offset = 0; ; offset += 1000) {
      const page = await get('c', {}, { offset, limit: 1000 })
      for (const document of page) all.set(document._id, document)
      if (page.length < 1000) break
    }
    expect(database.collections()).toMatchObject([{ name: 'c', count: all.size }])
    expect(Number(all.get('counter')?.n)).toBeGreaterThanOrEqual(
      acknowledged.filter((line) => line === 'count').length,
    )
    expect({ ...all.get('left'), _id: 0 }).toEqual({ ...all.get('right'), _id: 0 })
    let lastTransaction: [run: string, n: number] | undefined
    for (const line of acknowledged) {
      const [kind, run, n] = line.split(' ')
      if (kind === 'insert') expect(all.has(run), line).toBe(true)
      if (kind === 'pair') expect(all.has(`${run}-b-${n}`), line).toBe(true)
      if (kind === 'transaction') {
        expect(all.has(`${run}-transaction-${n}`), line).toBe(true)
        lastTransaction = [run ?? '', Number(n)]
      }
    }
    for (const id of all.keys()) {
      const match = /^(.*)-([bc])-(\d+)$/.exec(String(id))
      if (match)
        expect(all.has(`${match[1]}-${match[2] === 'b' ? 'c' : 'b'}-${match[3]}`), String(id)).toBe(true)
    }
    const left = all.get('left')
    if (lastTransaction && left?.run === lastTransaction[0])
      expect(Number(left.n)).toBeGreaterThanOrEqual(lastTransaction[1])
    if (left) expect(all.has(`${left.run}-transaction-${left.n}`)).toBe(true)
    const byScan = [...all.values()].filter(({ n }) => Number(n) >= 5).length
    expect(await count('c', { n: { $gte: 5 } })).toBe(byScan)
  } finally {
    await database.stop()
  }
}

describe('kill -9 at random moments', () => {
  it.concurrent.each([1, 2])(
    'loses no acknowledged write and leaves no half transaction (folder %i)',
    { timeout: 60_000 },
    async (seed) => {
      const dir = mkdtempSync(join(tmpdir(), 'database-crash-'))
      const random = seededRandom(seed)
      const acknowledged: string[] = []
      try {
        for (let kill = 0; kill < KILLS_PER_FOLDER; kill++) {
          acknowledged.push(...(await writeAndKill(dir, `run${kill}`, 1 + Math.floor(random() * 400))))
          await check(dir, acknowledged)
        }
        expect(acknowledged.length).toBeGreaterThan(KILLS_PER_FOLDER)
      } finally {
        rmSync(dir, { recursive: true, force: true })
      }
    },
  )
})
