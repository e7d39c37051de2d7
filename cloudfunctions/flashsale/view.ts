import { type FlashSale, phaseOf } from './model.ts'

/** What customers see of a sale. */
export function toCustomerSale(sale: FlashSale, nowMs: number) {
  const { _id, title, skuId, productId, productTitle, skuTitle, coverFileId } = sale
  const { priceFen, units, perUser, opensAtMs, closesAtMs } = sale
  return {
    saleId: _id,
    title,
    skuId,
    productId,
    productTitle,
    skuTitle,
    coverFileId,
    priceFen,
    units,
    perUser,
    opensAtMs,
    closesAtMs,
    phase: phaseOf(sale, nowMs),
  }
}
