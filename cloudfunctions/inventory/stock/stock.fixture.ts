import { expect } from 'vitest'
import { type UnitCloud, unitCloud } from '../../../test/support/unit.ts'

export const SKU = 'sku-1'

/** A cloud whose SKU has this many units. */
export async function cloudWithStock(units: number): Promise<UnitCloud> {
  const cloud = await unitCloud({ functions: { shop: () => import('../public.fixture.ts') } })
  if (units > 0) await cloud.as('admin').ok('inventory/restock', { skuId: SKU, quantity: units })
  return cloud
}

/** The stock equals the sums of its ledger and of its hot stocks. */
export async function expectSound(cloud: UnitCloud, skuId = SKU): Promise<void> {
  const report = await cloud.as('admin').ok<{ isSound: boolean }>('inventory/verify', { skuId })
  expect(report).toMatchObject({ isSound: true })
}

export async function stockOf(cloud: UnitCloud, skuId = SKU) {
  const { onHand, reserved, sold } = (await cloud.collection('stocks').get(skuId)) ?? {}
  return { onHand, reserved, sold }
}
