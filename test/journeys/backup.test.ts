/** An operator takes backups while buyers order, and brings one back. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openShop, type ShopFloor } from './shop-floor.ts'

const ORDERS = 48
const AT_ONCE = 6
const BACKUPS_AFTER = [8, 20, 35]
const MINUTE_MS = 60_000
const collections = ['stocks', 'stock_movements', 'orders', 'outbox']

interface Backup {
  backupId: string
  mode: string
}
interface Restore {
  restoreId: string
  state: string
}

describe('backups taken while buyers order', () => {
  let shop: ShopFloor
  const backups: Backup[] = []
  const placed: string[] = []

  beforeAll(async () => {
    shop = await openShop()
    const admin = shop.cloud.as('admin')
    const taking: Promise<unknown>[] = []
    const take = async () => backups.push(await admin.ok<Backup>('ops/startBackup', { collections }))
    const buyers = Array.from({ length: AT_ONCE }, async (_, n) => {
      for (let i = n; i < ORDERS; i += AT_ONCE) {
        placed.push(await shop.order(`buyer${1 + (i % 2)}`, 1))
        // The operator does not wait for the buyers, nor they for the operator.
        if (BACKUPS_AFTER.includes(placed.length)) taking.push(take())
      }
    })
    await Promise.all(buyers)
    await Promise.all(taking)
  })
  afterAll(() => shop.cloud.stop())

  const rows = (name: string) => shop.cloud.collection(name).all()

  /** What must be true of one moment: the ledger's sums are the stock, and every order holds its units. */
  async function assertOneMoment(suffix: string): Promise<number> {
    const [stock] = await rows(`stocks${suffix}`)
    const sums = { onHand: 0, reserved: 0, sold: 0 }
    for (const movement of await rows(`stock_movements${suffix}`)) {
      for (const bucket of ['onHand', 'reserved', 'sold'] as const) sums[bucket] += Number(movement[bucket])
    }
    const orders = await rows(`orders${suffix}`)
    expect(stock).toMatchObject(sums)
    expect(sums.reserved).toBe(orders.filter(({ status }) => status === 'unpaid').length)
    return orders.length
  }

  it('are each of one moment, and of different ones', async () => {
    const admin = shop.cloud.as('admin')
    const seen: number[] = []
    for (const { backupId, mode } of backups) {
      expect(mode).toBe('snapshot')
      const restore = await admin.ok<Restore>('ops/startRestore', { backupId })
      expect(restore.state).toBe('loaded')
      seen.push(await assertOneMoment('_bak'))
    }
    expect(placed).toHaveLength(ORDERS)
    expect(seen).toEqual([...seen].sort((a, b) => a - b))
    expect(Math.min(...seen)).toBeGreaterThan(0)
    expect(Math.min(...seen)).toBeLessThan(ORDERS)
  })

  it('can be put in place of what is there, and the shop goes on from that moment', async () => {
    const admin = shop.cloud.as('admin')
    const { emulator } = shop.cloud
    const { backupId } = backups[0] ?? { backupId: '' }
    const { restoreId } = await admin.ok<Restore>('ops/startRestore', { backupId })
    await admin.ok('ops/switchRestore', { restoreId, confirm: 'replace my data' })
    const order = { items: [{ skuId: shop.skuId, quantity: 1 }], addressId: shop.addressOf.get('buyer1') }
    // Instances that have looked before believe for some seconds that it is open: that is what the switch waits for.
    await emulator.clock.advance(MINUTE_MS)
    expect(await shop.cloud.as('buyer1').refused('order/create', order)).toBe('CLOSED_FOR_MAINTENANCE')
    await emulator.clock.advance(MINUTE_MS)
    const restore = await admin.ok<Restore>('ops/continueRestore', { restoreId })
    expect(restore.state).toBe('switched')

    const kept = await assertOneMoment('')
    expect(kept).toBeLessThan(ORDERS)
    await emulator.clock.advance(MINUTE_MS)
    const known = new Set((await rows('orders')).map(({ _id }) => String(_id)))
    expect(placed.filter((orderId) => known.has(orderId))).toHaveLength(kept)
    await shop.order('buyer1', 1)
    expect(await assertOneMoment('')).toBe(kept + 1)
  })
})
