import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Emulator, startEmulator } from '../../emulator/index.ts'
import { connect, Refused, type WireClient } from './wire-client.ts'

const CONFLICT = 'DATABASE_TRANSACTION_CONFLICT'

describe.each([16, 64])('%i transactions on one document at the same time', (parallel) => {
  let cloud: Emulator
  let clients: WireClient[]

  beforeEach(async () => {
    cloud = await startEmulator({ project: import.meta.dirname })
    clients = Array.from({ length: parallel }, () => connect(() => cloud.port))
    await cloud.database.createCollection('counters')
    await clients[0]?.add('counters', [{ _id: 'one', count: 0 }])
  })
  afterEach(async () => {
    for (const client of clients) client.close()
    await cloud.stop()
  })

  /** Reads, writes what it read plus one, commits: lost updates would show. */
  async function countUp(client: WireClient): Promise<void> {
    const transaction = await client.begin()
    const before = await client.read('counters', 'one', transaction)
    await client.update('counters', 'one', { $set: { count: Number(before?.count) + 1 } }, transaction)
    await client.commit(transaction)
  }

  const count = async () => Number((await clients[0]?.read('counters', 'one'))?.count)

  it('each commit or get the conflict', async () => {
    const ends = await Promise.allSettled(clients.map(countUp))
    const conflicts = ends.filter((end) => end.status === 'rejected').map(({ reason }) => reason.code)
    expect(new Set(conflicts)).toEqual(new Set([CONFLICT]))
    expect(await count()).toBe(parallel - conflicts.length)
    expect(await count()).toBeGreaterThan(0)
  })

  it('all commit when each tries again', async () => {
    let attempts = 0
    const untilDone = async (client: WireClient): Promise<void> => {
      for (;;) {
        try {
          attempts += 1
          return await countUp(client)
        } catch (error) {
          if (!(error instanceof Refused) || error.code !== CONFLICT) throw error
        }
      }
    }
    await Promise.all(clients.map(untilDone))
    expect(await count()).toBe(parallel)
    // All meet once; then each is told of its conflict when its turn has come, and succeeds.
    expect(attempts).toBeLessThan(parallel * 3)
  })
})
