import * as z from 'zod'
import { idInput, refuse, text } from '../../_kernel/index.ts'

const fen = z.int().min(0)

const skuSchema = z.object({
  skuId: text,
  /** Such as colour: red, size: XL. Empty for a product with a single SKU. */
  attributes: z.array(z.object({ name: text, value: z.string() })),
  priceFen: fen,
  /** What is shown struck through. */
  marketPriceFen: fen.nullable(),
  /** The shop's own number; the SKU id when the shop gave none. Unique among all products. */
  code: text,
  coverFileId: z.string().nullable(),
})

export type Sku = z.output<typeof skuSchema>

export const productSchema = z.object({
  _id: text,
  title: text,
  subtitle: text,
  description: text,
  coverFileId: z.string().nullable(),
  imageFileIds: z.array(text),
  /** From the top category down to the one it is in: a filter on either finds it. */
  categoryIds: z.array(text),
  skus: z.array(skuSchema),
  /** Copies out of `skus` that indexes can reach. */
  skuIds: z.array(text),
  skuCodes: z.array(text),
  /** The lowest of the SKUs, which lists show and sort by. */
  priceFen: fen,
  maxPriceFen: fen,
  keywords: z.array(text),
  soldCount: z.int(),
  status: z.enum(['draft', 'published', 'off_shelf']),
  /** When it was published first; newest first is by this. 0 before. */
  publishedAtMs: z.int(),
  version: z.int(),
  createdAtMs: z.int(),
  updatedAtMs: z.int(),
})

export type Product = z.output<typeof productSchema>
export type ProductStatus = Product['status']

const SKUS_MAX = 50

const fileId = z
  .string()
  .max(300)
  .regex(/^cloud:\/\/\S+$/, 'a cloud file id begins with cloud://')

const PRICE_MAX_FEN = 100_000_000

const price = z.int().min(1).max(PRICE_MAX_FEN)

const skuInput = z.object({
  /** Names a SKU that the product has already; without it a new one is made. */
  skuId: z.string().max(64).optional(),
  attributes: z
    .array(z.object({ name: z.string().trim().min(1).max(20), value: z.string().trim().min(1).max(40) }))
    .max(5)
    .default([]),
  priceFen: price,
  marketPriceFen: price.nullable().default(null),
  code: z
    .string()
    .trim()
    .regex(/^[\w.-]{1,64}$/)
    .optional(),
  coverFileId: fileId.nullable().default(null),
})

export type SkuInput = z.output<typeof skuInput>

/** A draft may lack pictures and category; publishing asks for them. Without a SKU there is nothing to be. */
export const productFields = z.object({
  title: z.string().trim().min(1).max(60),
  subtitle: z.string().trim().max(100).default(''),
  description: z.string().max(20_000).default(''),
  coverFileId: fileId.nullable().default(null),
  imageFileIds: z.array(fileId).max(20).default([]),
  categoryId: idInput.nullable().default(null),
  skus: z.array(skuInput).min(1).max(SKUS_MAX),
})

export type ProductFields = z.output<typeof productFields>

export const productId = idInput

type Action = 'publish' | 'unpublish' | 'remove'

/** What an operator may do to a product in each state; `null`: the product is gone afterwards. */
const transitions: Record<ProductStatus, Partial<Record<Action, ProductStatus | null>>> = {
  draft: { publish: 'published', remove: null },
  published: { unpublish: 'off_shelf' },
  off_shelf: { publish: 'published', remove: null },
}

/** The state after `action`; refuses PRODUCT_STATE. */
export function transition(product: Product, action: Action): ProductStatus | null {
  const next = transitions[product.status][action]
  if (next === undefined)
    return refuse('PRODUCT_STATE', { productId: product._id, status: product.status, action })
  return next
}

/** What a product still needs before customers may see it. */
export function missingForSale(product: Product): string[] {
  const missing: string[] = []
  if (product.coverFileId === null) missing.push('coverFileId')
  if (product.categoryIds.length === 0) missing.push('categoryId')
  return missing
}

/** `红色 / XL`; empty for a product's only SKU. */
export function skuTitle(sku: Pick<Sku, 'attributes'>): string {
  return sku.attributes.map(({ value }) => value).join(' / ')
}
