import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LiveCloud, liveCloud } from '../support/live.ts'

const REPO_DIR = join(import.meta.dirname, '../..')
const NAMES = ['a', 'b', 'c', 'd'] as const

/** The kernel's own demo function, with the real SDK beside it, on the local cloud. */
describe('money moved by eight at a time', () => {
  const project = mkdtempSync(join(tmpdir(), 'transfers-'))
  let cloud: LiveCloud

  beforeAll(async () => {
    const dir = join(project, 'cloudfunctions/demo')
    mkdirSync(dir, { recursive: true })
    symlinkSync(join(REPO_DIR, 'node_modules'), join(project, 'node_modules'))
    writeFileSync(join(dir, 'config.json'), '{}')
    await build({
      entryPoints: [join(REPO_DIR, 'cloudfunctions/_kernel/pipeline.fixture.ts')],
      outfile: join(dir, 'index.js'),
      bundle: true,
      platform: 'node',
      format: 'cjs',
      external: ['wx-server-sdk', '@cloudbase/node-sdk'],
      logLevel: 'silent',
    })
    const cloudbaserc = { version: '2.0', envId: 'local', functions: [{ name: 'demo', timeout: 20 }] }
    writeFileSync(join(project, 'cloudbaserc.json'), JSON.stringify(cloudbaserc))
    cloud = await liveCloud({ project, rules: join(REPO_DIR, 'database-rules') })
    for (const name of ['accounts', 'receipts']) await cloud.emulator.database.createCollection(name)
    await cloud.collection('accounts').insert(...NAMES.map((_id) => ({ _id, balanceFen: 100 })))
  })
  afterAll(async () => {
    await cloud.stop()
    rmSync(project, { recursive: true, force: true })
  })

  const balances = async (): Promise<Record<string, number>> =>
    Object.fromEntries(
      (await cloud.collection('accounts').all()).map(({ _id, balanceFen }) => [_id, Number(balanceFen)]),
    )

  it('keeps its sum, and every acknowledged transfer shows', async () => {
    const transfer = fc.record({
      from: fc.constantFrom(...NAMES),
      to: fc.constantFrom(...NAMES),
      amountFen: fc.integer({ min: 1, max: 70 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(transfer, { minLength: 8, maxLength: 8 }), async (transfers) => {
        const expected = await balances()
        const moves = transfers.filter(({ from, to }) => from !== to)
        const replies = await Promise.all(moves.map((move) => cloud.as('buyer1').call('demo/transfer', move)))
        for (const [i, { from, to, amountFen }] of moves.entries()) {
          const reply = replies[i]
          if (reply?.code !== 0) {
            // A short balance, or more interference than the retries had patience for: nothing else is an answer.
            expect(['STOCK_SHORT', 'BUSY']).toContain(reply && 'error' in reply ? reply.error : undefined)
            continue
          }
          expected[from] = (expected[from] ?? 0) - amountFen
          expected[to] = (expected[to] ?? 0) + amountFen
        }
        const after = await balances()
        expect(after).toEqual(expected)
        expect(Object.values(after).reduce((sum, fen) => sum + fen, 0)).toBe(100 * NAMES.length)
        for (const fen of Object.values(after)) expect(fen).toBeGreaterThanOrEqual(0)
      }),
      { numRuns: 15 },
    )
  })

  it('gets through conflicts that the database reports at each of its points', async () => {
    const [from, to] = await balances().then((all) =>
      Object.keys(all).sort((x, y) => (all[y] ?? 0) - (all[x] ?? 0)),
    )
    for (const operation of [
      'database.modifyDocument',
      'database.insertDocument',
      'database.commitTransaction',
    ]) {
      const before = await balances()
      const effect = { kind: 'error' as const, code: 'DATABASE_TRANSACTION_CONFLICT' }
      cloud.emulator.faults.add({ service: 'database', operation, effect, times: 3 })
      await cloud.as('buyer1').ok('demo/transfer', { from, to, amountFen: 1 })
      cloud.emulator.faults.clear()
      const after = await balances()
      expect(after[String(from)]).toBe(Number(before[String(from)]) - 1)
      expect(after[String(to)]).toBe(Number(before[String(to)]) + 1)
    }
  })
})
