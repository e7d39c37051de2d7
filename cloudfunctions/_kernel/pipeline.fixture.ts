/** A function with one route for each thing that the kernel promises; `pipeline.test.ts` calls it. */
import * as z from 'zod'
import {
  collection,
  defineConsumer,
  defineEvent,
  defineFunction,
  defineRoute,
  type Routes,
  refuse,
} from './index.ts'

export const accounts = collection('accounts', z.object({ _id: z.string(), balanceFen: z.int() }))
const receipts = collection('receipts', z.object({ _id: z.string(), count: z.int() }))

const moved = defineEvent('money.moved', z.object({ to: z.string(), amountFen: z.int() }))

/** Runs in `transfer` between the kernel's look for a kept reply and the transaction. */
export const beforeTransfer = { run: async () => {} }

const transferInput = z.strictObject({
  from: z.string().max(50),
  to: z.string().max(50),
  amountFen: z.int().min(1),
})

/** Counts deliveries; fails while the receiver's name says so. */
const writeReceipt = defineConsumer('demo.write-receipt', moved, async ({ id, payload }, ctx) => {
  if (payload.to === 'unreachable') throw new Error('the printer is on fire')
  await ctx.db.insertIfAbsent(receipts, { _id: id, count: 1 })
})

const routes = {
  echo: defineRoute({
    summary: 'gives back what it got',
    input: z.object({ text: z.string().max(10) }),
    access: 'public',
    async handle({ text }, ctx) {
      return { text, route: ctx.route, requestId: ctx.requestId }
    },
  }),
  whoami: defineRoute({
    summary: 'the openid of the caller',
    input: z.object({}),
    access: 'user',
    handle: async (_, ctx) => ({ userId: ctx.userId }),
  }),
  operate: defineRoute({
    summary: 'for holders of a permission',
    input: z.object({}),
    access: 'demo:operate',
    handle: async () => 'operated',
  }),
  internal: defineRoute({
    summary: 'for functions',
    input: z.object({}),
    access: 'internal',
    handle: async (_, ctx) => ctx.caller,
  }),
  timed: defineRoute({
    summary: 'for the timer',
    input: z.object({}),
    access: 'timer',
    handle: async () => 'timed',
  }),
  limited: defineRoute({
    summary: 'twice a second',
    input: z.object({}),
    access: 'public',
    rateLimit: { limit: 2, perMs: 1_000 },
    handle: async () => 'through',
  }),
  explode: defineRoute({
    summary: 'throws what is not a refusal',
    input: z.object({}),
    access: 'public',
    async handle(): Promise<never> {
      throw new Error('secret connection string')
    },
  }),
  transfer: defineRoute({
    summary: 'moves money once per request',
    input: transferInput,
    access: 'public',
    idempotent: 'once',
    audit: { action: 'money.move', subject: ({ from }) => from },
    async handle({ from, to, amountFen }, ctx) {
      await beforeTransfer.run()
      return ctx.once(async (tx) => {
        const payer = await tx.get(accounts, from)
        const payee = await tx.get(accounts, to)
        if (payer.balanceFen < amountFen) refuse('STOCK_SHORT', { available: payer.balanceFen })
        await tx.put(accounts, { ...payer, balanceFen: payer.balanceFen - amountFen })
        await tx.put(accounts, { ...payee, balanceFen: payee.balanceFen + amountFen })
        await tx.emit(moved, { to, amountFen })
        return { leftFen: payer.balanceFen - amountFen }
      })
    },
  }),
} satisfies Routes

export const main = defineFunction('demo', routes, {
  consumers: async () => [writeReceipt],
  timers: {
    everyMinute: async () => 'ticked',
    stopsAfterCommit: async (ctx) => {
      await ctx.transaction((tx) => tx.emit(moved, { to: 'b', amountFen: 1 }))
      throw new Error('after the commit')
    },
  },
  platformEvents: [
    { name: 'callback', matches: (event) => 'returnCode' in event, handle: async () => ({ errcode: 0 }) },
  ],
})
