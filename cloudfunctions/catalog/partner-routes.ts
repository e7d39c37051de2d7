/** What partners may call of `catalog`, with the shape of each answer. Loaded by the gateway only. */
import * as z from 'zod'
import { type PartnerRoutes, text } from '../_kernel/index.ts'
import { detail } from './product/detail.ts'
import { list } from './product/list.ts'

const fen = z.int()

const card = z.object({
  productId: text,
  title: text,
  subtitle: text,
  coverFileId: z.string().nullable(),
  coverUrl: z.string().optional(),
  priceFen: fen,
  maxPriceFen: fen,
  marketPriceFen: fen.nullable(),
  soldCount: z.int(),
})
const sku = z.object({
  skuId: text,
  title: text,
  attributes: z.array(z.object({ name: text, value: text })),
  priceFen: fen,
  marketPriceFen: fen.nullable(),
  coverFileId: z.string().nullable(),
  available: z.int(),
})

export const routes = {
  list: { route: list, answer: z.object({ items: z.array(card), nextCursor: z.string().nullable() }) },
  detail: {
    route: detail,
    answer: card.extend({
      description: text,
      imageFileIds: z.array(text),
      categoryIds: z.array(text),
      skus: z.array(sku),
    }),
  },
} satisfies PartnerRoutes
