/** A function that runs what a test hands it, with the context that the kernel made. */
import * as z from 'zod'
import { type Context, collection, defineConsumer, defineEvent, defineFunction } from './index.ts'

export * from './index.ts'

export const notes = collection(
  'notes',
  z.object({
    _id: z.string(),
    rank: z.int(),
    tag: z.string().optional(),
    style: z.record(z.string(), z.string()).optional(),
  }),
)

export const noted = defineEvent('note.noted', z.object({ noteId: z.string() }))

/** What the consumer did, and whether it fails. */
export const consumer = { seen: [] as string[], isBroken: false }

const consumers = [
  defineConsumer('probe.remember', noted, async ({ id }) => {
    if (consumer.isBroken) throw new Error('broken')
    consumer.seen.push(id)
  }),
]

export const probe: { run: (ctx: Context) => Promise<unknown> } = { run: async () => undefined }

export const main = defineFunction(
  'probe',
  {},
  {
    consumers: async () => consumers,
    platformEvents: [
      { name: 'run', matches: () => true, whileClosed: true, handle: (_, ctx) => probe.run(ctx) },
    ],
  },
)
