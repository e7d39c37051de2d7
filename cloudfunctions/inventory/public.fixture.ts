/** A function whose routes are what other capabilities do with `inventory`; tests call it. */
import * as z from 'zod'
import { defineFunction, defineRoute } from '../_kernel/index.ts'
import {
  closeHotStock,
  giveBackHot,
  openHotStock,
  releaseStock,
  reserveStock,
  returnStock,
  settleHot,
  settleSold,
  sweepHotStocks,
  takeHotStock,
} from './public.ts'

const onLines = z.object({
  refId: z.string(),
  lines: z.array(z.object({ skuId: z.string(), quantity: z.number() })),
})
const onUnits = z.object({ shardId: z.string(), userId: z.string(), orderId: z.string() })
const common = { summary: 'for tests', access: 'internal' } as const

const routes = {
  reserve: defineRoute({
    ...common,
    input: onLines,
    handle: ({ refId, lines }, ctx) => ctx.transaction((tx) => reserveStock(tx, refId, lines)),
  }),
  release: defineRoute({
    ...common,
    input: onLines,
    handle: ({ refId, lines }, ctx) => ctx.transaction((tx) => releaseStock(tx, refId, lines)),
  }),
  settle: defineRoute({
    ...common,
    input: onLines,
    handle: ({ refId, lines }, ctx) => ctx.transaction((tx) => settleSold(tx, refId, lines)),
  }),
  takeBack: defineRoute({
    ...common,
    input: onLines,
    handle: ({ refId, lines }, ctx) => ctx.transaction((tx) => returnStock(tx, refId, lines)),
  }),
  openHot: defineRoute({
    ...common,
    input: z.object({
      hotId: z.string(),
      skuId: z.string(),
      units: z.number(),
      perUser: z.number(),
      opensAtMs: z.number(),
      closesAtMs: z.number(),
      terms: z.record(z.string(), z.unknown()),
    }),
    handle: (input, ctx) => ctx.transaction((tx) => openHotStock(tx, input)),
  }),
  takeHot: defineRoute({
    ...common,
    input: z.object({ hotId: z.string(), userId: z.string(), orderId: z.string(), quantity: z.number() }),
    handle: (input, ctx) => takeHotStock(ctx, input),
  }),
  giveBackHot: defineRoute({ ...common, input: onUnits, handle: (input, ctx) => giveBackHot(ctx, input) }),
  settleHot: defineRoute({ ...common, input: onUnits, handle: (input, ctx) => settleHot(ctx, input) }),
  closeHot: defineRoute({
    ...common,
    input: z.object({ hotId: z.string() }),
    handle: ({ hotId }, ctx) => closeHotStock(ctx, hotId),
  }),
  /** @param existing the order ids that are orders and not closed. */
  sweepHot: defineRoute({
    ...common,
    input: z.object({ existing: z.array(z.string()), pageSize: z.int().default(100) }),
    handle: ({ existing, pageSize }, ctx) =>
      sweepHotStocks(ctx, pageSize, async (ids) => new Set(ids.filter((id) => existing.includes(id)))),
  }),
}

export const main = defineFunction('shop', routes)
