import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { seededRandom } from '../../emulator/core/faults.ts'
import { type CloudProcess, startCloudProcess } from '../support/cloud-process.ts'
import { runBank } from './bank.ts'
import { checkListAppend } from './check-list-append.ts'
import { runListAppend } from './list-append.ts'
import { connect, readingOutside, type WireClient, withoutTransactions } from './wire-client.ts'

const CLIENTS = 8
const KILLS = 5

describe('the database under 8 clients', () => {
  let dir: string
  let cloud: CloudProcess
  let clients: WireClient[]
  let random: () => number

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'consistency-'))
    mkdirSync(join(dir, 'project'))
    cloud = await startCloudProcess({
      dataDir: join(dir, 'data'),
      arguments: ['--project', join(dir, 'project')],
    })
  })
  beforeEach(async () => {
    random = seededRandom(20_251_121)
    clients = Array.from({ length: CLIENTS }, () => connect(() => cloud.port))
    await control('POST', 'snapshot/reset')
    for (const name of ['lists', 'accounts']) {
      await fetch(`http://127.0.0.1:${cloud.port}/admin`, {
        method: 'POST',
        body: JSON.stringify({ action: 'database.addCollection', collectionName: name }),
      })
    }
  })
  afterEach(() => {
    for (const client of clients) client.close()
  })
  afterAll(async () => {
    await cloud.stop()
    rmSync(dir, { recursive: true, force: true })
  })

  async function control(method: string, path: string): Promise<void> {
    const response = await fetch(`http://127.0.0.1:${cloud.port}/control/${path}`, { method })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  }

  /** Kills the whole cloud several times on the way; its clients wait until it is back. */
  function withKills(operations: number) {
    let kills = 0
    let restarting: Promise<void> | undefined
    return {
      count: () => kills,
      async afterEach(done: number): Promise<void> {
        if (!restarting && done > ((kills + 1) * operations) / (KILLS + 1) && kills < KILLS) {
          kills += 1
          restarting = cloud.killAndRestart().finally(() => {
            restarting = undefined
          })
        }
        await restarting
      },
    }
  }

  it('shows a list-append history without anomalies, killed five times on the way', async () => {
    const kills = withKills(16_000)
    const run = await runListAppend({ clients, operations: 16_000, random, afterEach: kills.afterEach })
    const ended = (outcome: string) => run.history.filter((done) => done.outcome === outcome).length
    expect(kills.count()).toBe(KILLS)
    expect(run.operations).toBeGreaterThanOrEqual(16_000)
    expect(ended('committed')).toBeGreaterThan(2_000)
    expect(ended('aborted')).toBeGreaterThan(100)
    // Calls that a kill cut off: without them the kills would prove nothing.
    expect(ended('unknown')).toBeGreaterThan(0)
    expect(checkListAppend(run.history, run.finalLists)).toEqual([])
  })

  it('keeps the sum of a bank, killed five times on the way', async () => {
    const kills = withKills(8_000)
    const run = await runBank({ clients, operations: 8_000, random, afterEach: kills.afterEach })
    expect(kills.count()).toBe(KILLS)
    expect(run.violations).toEqual([])
  })

  it('shows anomalies when transactions read outside of their snapshot', async () => {
    const run = await runListAppend({ clients: clients.map(readingOutside), operations: 2_000, random })
    const found = new Set(checkListAppend(run.history, run.finalLists).map(({ kind }) => kind))
    expect(found).toContain('not a snapshot')
  })

  it('shows anomalies when there are no transactions', async () => {
    const run = await runListAppend({ clients: clients.map(withoutTransactions), operations: 2_000, random })
    const found = new Set(checkListAppend(run.history, run.finalLists).map(({ kind }) => kind))
    expect(found).toContain('aborted read')
    expect(found).toContain('intermediate read')
    const bank = await runBank({ clients: clients.map(withoutTransactions), operations: 1_000, random })
    expect(bank.violations).not.toEqual([])
  })
})
