import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { openDatabase } from './test-support/open.ts'

let all: ReturnType<typeof openDatabase>
let dir: string | undefined

afterEach(async () => {
  await all.database.stop()
  if (dir) rmSync(dir, { recursive: true, force: true })
})

describe('bank transfers', () => {
  const ACCOUNTS = 5

  /** Moves money as an application does: read both, check, write both, and again on a conflict. */
  async function transfer(from: number, to: number, amount: number): Promise<boolean> {
    const { start, get, update, commit, abort } = all
    for (;;) {
      const transactionId = await start()
      try {
        const [source] = await get('c', { _id: from }, { transactionId })
        await get('c', { _id: to }, { transactionId })
        if (Number(source?.money) < amount) {
          await abort(transactionId)
          return false
        }
        await update(
          'c',
          { _id: from },
          { $inc: { money: -amount, moves: 1 } },
          { transactionId, multi: false },
        )
        await update('c', { _id: to }, { $inc: { money: amount, moves: 1 } }, { transactionId, multi: false })
        await commit(transactionId)
        return true
      } catch (error) {
        if ((error as { code?: string }).code !== 'DATABASE_TRANSACTION_CONFLICT') throw error
      }
    }
  }

  it.each(['memory', 'folder'])('keep the sum and lose no write, 8 in parallel (%s)', async (kind) => {
    dir = kind === 'folder' ? mkdtempSync(join(tmpdir(), 'database-bank-')) : undefined
    const account = fc.nat(ACCOUNTS - 1)
    const transfers = fc.array(
      fc.record({ from: account, to: account, amount: fc.integer({ min: 1, max: 60 }) }),
      { minLength: 20, maxLength: 60 },
    )
    all = openDatabase({ dir })
    await all.database.createCollection('c')
    await fc.assert(
      fc.asyncProperty(transfers, async (orders) => {
        await all.remove('c')
        await all.add(
          'c',
          Array.from({ length: ACCOUNTS }, (_, _id) => ({ _id, money: 100, moves: 0 })),
        )
        const queue = orders.filter(({ from, to }) => from !== to)
        let done = 0
        const worker = async () => {
          for (let order = queue.shift(); order; order = queue.shift()) {
            if (await transfer(order.from, order.to, order.amount)) done += 1
          }
        }
        await Promise.all(Array.from({ length: 8 }, worker))
        const accounts = await all.get('c')
        const sumOf = (field: string) => accounts.reduce((sum, each) => sum + Number(each[field]), 0)
        expect(sumOf('money')).toBe(ACCOUNTS * 100)
        expect(sumOf('moves')).toBe(done * 2)
        expect(accounts.every(({ money }) => Number(money) >= 0)).toBe(true)
      }),
      { numRuns: kind === 'folder' ? 5 : 15 },
    )
  })
})
