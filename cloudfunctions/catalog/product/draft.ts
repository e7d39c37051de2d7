import { derivedId, keywordsOf, refuse } from '../../_kernel/index.ts'
import type { Product, ProductFields, Sku, SkuInput } from './model.ts'

/**
 * A product out of what an operator gave: pure, so that creating and editing agree. `seed` makes the ids of new SKUs:
 * the same request gives the same ids.
 */
export function applyFields(
  before: Pick<
    Product,
    '_id' | 'status' | 'soldCount' | 'publishedAtMs' | 'version' | 'createdAtMs' | 'skuIds'
  >,
  fields: ProductFields,
  given: { categoryIds: string[]; seed: string; nowMs: number },
): Product {
  const { categoryId: _category, skus: skuInputs, ...texts } = fields
  const skus = skuInputs.map((input, at) =>
    toSku(input, before.skuIds, derivedId('sku', given.seed, `${at}`)),
  )
  assertDistinct(skus)
  const prices = skus.map(({ priceFen }) => priceFen)
  return {
    ...before,
    ...texts,
    categoryIds: given.categoryIds,
    skus,
    skuIds: skus.map(({ skuId }) => skuId),
    skuCodes: skus.map(({ code }) => code),
    priceFen: Math.min(...prices),
    maxPriceFen: Math.max(...prices),
    keywords: keywordsOf(
      fields.title,
      fields.subtitle,
      ...skus.flatMap(({ attributes, code }) => [code, ...attributes.map(({ value }) => value)]),
    ),
    version: before.version + 1,
    updatedAtMs: given.nowMs,
  }
}

function toSku(input: SkuInput, known: readonly string[], newId: string): Sku {
  if (input.skuId !== undefined && !known.includes(input.skuId)) {
    refuse('INVALID_INPUT', { why: 'the product has no such SKU', skuId: input.skuId })
  }
  const skuId = input.skuId ?? newId
  return { ...input, skuId, code: input.code ?? skuId }
}

function assertDistinct(skus: readonly Sku[]): void {
  const isTwice = (values: readonly string[]) => new Set(values).size < values.length
  if (isTwice(skus.map(({ skuId }) => skuId))) refuse('INVALID_INPUT', { why: 'a SKU is named twice' })
  if (isTwice(skus.map(({ code }) => code))) refuse('SKU_CODE_TAKEN', { why: 'twice in this product' })
  const combinations = skus.map(({ attributes }) => JSON.stringify(attributes))
  if (isTwice(combinations)) refuse('INVALID_INPUT', { why: 'two SKUs have the same attributes' })
}
