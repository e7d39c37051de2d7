import { expect } from 'vitest'
import { type UnitCloud, unitCloud } from '../../test/support/unit.ts'

export const MINUTE_MS = 60_000
export const PRICE_FEN = 990

export interface SaleCloud extends UnitCloud {
  readonly skuId: string
  readonly saleId: string
  readonly opensAtMs: number
}

export interface Bought {
  orderId: string
  payableFen: number
  payBeforeMs: number
}

/** A shop with one SKU on sale and the draft of a flash sale of it that opens in a minute and lasts an hour. */
export async function cloudWithDraft(
  sale: { units?: number; perUser?: number; stock?: number } = {},
): Promise<SaleCloud> {
  const { units = 3, perUser = 1, stock = 10 } = sale
  const cloud = await unitCloud()
  const admin = cloud.as('admin')
  const { categoryId } = await admin.ok<{ categoryId: string }>('catalog/createCategory', { name: 'Things' })
  const product = {
    title: 'Kettle',
    categoryId,
    coverFileId: 'cloud://demo/kettle.png',
    skus: [{ priceFen: 9_900 }],
  }
  const created = await admin.ok<{ productId: string; skuIds: string[] }>('catalog/createProduct', product)
  await admin.ok('catalog/publish', { productId: created.productId })
  const skuId = created.skuIds[0] ?? ''
  await admin.ok('inventory/restock', { skuId, quantity: stock })
  const opensAtMs = cloud.clock.nowMs() + MINUTE_MS
  const input = saleInput({ skuId, units, perUser, opensAtMs })
  const { saleId } = await admin.ok<{ saleId: string }>('flashsale/create', input)
  return { ...cloud, skuId, saleId, opensAtMs }
}

export function saleInput(sale: { skuId: string; opensAtMs: number; units?: number; perUser?: number }) {
  const { units = 3, perUser = 1, skuId, opensAtMs } = sale
  const closesAtMs = opensAtMs + 60 * MINUTE_MS
  return { title: 'Kettle hour', skuId, priceFen: PRICE_FEN, units, perUser, opensAtMs, closesAtMs }
}

/** The same, published and open. */
export async function cloudWithSale(
  sale: { units?: number; perUser?: number; stock?: number } = {},
): Promise<SaleCloud> {
  const cloud = await cloudWithDraft(sale)
  await cloud.as('admin').ok('flashsale/publish', { saleId: cloud.saleId })
  await cloud.clock.advance(MINUTE_MS)
  return cloud
}

export async function expectSound(cloud: SaleCloud): Promise<void> {
  const report = await cloud.as('admin').ok('inventory/verify', { skuId: cloud.skuId })
  expect(report).toMatchObject({ isSound: true })
}

export async function stockOf(cloud: SaleCloud) {
  const { onHand, reserved, sold } = (await cloud.collection('stocks').get(cloud.skuId)) ?? {}
  return { onHand, reserved, sold }
}
