/** What partners may call of `inventory`, with the shape of each answer. Loaded by the gateway only. */
import * as z from 'zod'
import { type PartnerRoutes, text } from '../_kernel/index.ts'
import { list } from './stock/list.ts'
import { listMovements } from './stock/list-movements.ts'
import { movementKind } from './stock/model.ts'
import { restock } from './stock/restock.ts'

const units = z.int()
const nextCursor = z.string().nullable()

const stock = z.object({
  skuId: text,
  onHand: units,
  reserved: units,
  sold: units,
  available: units,
  lowAt: units.optional(),
  low: z.boolean(),
  updatedAtMs: units,
})
const movement = z.object({
  movementId: text,
  skuId: text,
  kind: movementKind,
  refId: text,
  onHand: units,
  reserved: units,
  sold: units,
  atMs: units,
  by: text,
  reason: z.string().optional(),
})

export const routes = {
  list: { route: list, answer: z.object({ items: z.array(stock), nextCursor }) },
  movements: { route: listMovements, answer: z.object({ items: z.array(movement), nextCursor }) },
  restock: { route: restock, answer: z.object({ skuId: text, onHand: units, available: units }) },
} satisfies PartnerRoutes
