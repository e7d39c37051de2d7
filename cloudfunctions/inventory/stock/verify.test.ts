import { expect, it } from 'vitest'
import { cloudWithStock, expectSound, SKU } from './stock.fixture.ts'

it('counts the units of all hot stocks of a SKU, however many documents they are', async () => {
  const cloud = await cloudWithStock(128)
  const opensAtMs = cloud.clock.nowMs()
  const opening = { skuId: SKU, units: 64, perUser: 1, opensAtMs, closesAtMs: opensAtMs + 1_000, terms: {} }
  for (const hotId of ['sale_a-64', 'sale_b-64'])
    await cloud.asFunction().ok('shop/openHot', { ...opening, hotId })
  const report = await cloud.as('admin').ok('inventory/verify', { skuId: SKU })
  expect(report).toMatchObject({ hot: { ledger: 128, holds: 128 } })
  await expectSound(cloud)
})
