/** One running approval, whole: where it is, who is asked, who said what. The one place where its shape is written. */
import * as z from 'zod'
import { text } from '../../_kernel/index.ts'
import { formSchema } from '../definition/form.ts'
import { outcome } from '../outcome.ts'

const ms = z.int()
const count = z.int()

export const decision = z.enum(['approved', 'rejected'])
export type Decision = z.output<typeof decision>

/**
 * One question to one person; whose it is never changes. Tasks of one `seat` have one vote together: those placed
 * `before` the seat's own task come first, those `after` it come last, and a rejection by any rejects the seat.
 */
const taskSchema = z.object({
  id: count,
  seat: count,
  place: z.enum(['before', 'own', 'after', 'lent']),
  userId: text,
  /** Of a signer who was added, who added them; of one who helps, the task that asked for help. */
  addedBy: z.string().nullable(),
  lender: count.nullable(),
  decision: decision.nullable(),
  /** What decided in the person's place. */
  auto: z.enum(['self', 'repeated', 'timeout']).nullable(),
  askedAtMs: ms,
})
export type Task = z.output<typeof taskSchema>

/** Where the flow is at this moment; several, while parallel branches run. */
const tokenSchema = z.object({
  id: count,
  nodeId: text,
  /** Gates that the token is inside of, the outermost first. */
  gates: z.array(count),
  arrivedAtMs: ms,
  /** When time does something to it. */
  dueAtMs: ms.nullable(),
  /** Of a webhook: how often it was tried. */
  tries: count,
  tasks: z.array(taskSchema),
})
export type Token = z.output<typeof tokenSchema>

/** A parallel node that is under way. */
const gateSchema = z.object({
  id: count,
  nodeId: text,
  gates: z.array(count),
  /** Branches that have not come to the join. */
  open: count,
})

export const status = z.enum(['running', ...outcome.options])

export const instanceSchema = z.object({
  _id: text,
  /** The initiator. */
  _openid: text,
  definitionKey: text,
  /** Of the definition, for good: a later one does not touch what runs. */
  version: count,
  title: text,
  form: formSchema,
  /** By node: whom the initiator chose. */
  chosen: z.record(text, z.array(text)),
  status,
  /** Grows by one with each change; every write is conditional on it, and history has one entry for each. */
  revision: count,
  createdAtMs: ms,
  updatedAtMs: ms,
  endedAtMs: ms.nullable(),
  /** The earliest of its tokens. */
  dueAtMs: ms.nullable(),
  lastId: count,
  tokens: z.array(tokenSchema),
  gates: z.array(gateSchema),
  /** Nodes passed on the way to here: where it may be returned to. */
  passed: z.array(text),
  /** Approvals that still count, by node. */
  approvals: z.array(z.object({ nodeId: text, userId: text })),
  /** Has anybody decided since it was sent in? */
  decided: z.boolean(),
  /** Everybody who was ever asked or told: who may see it. */
  people: z.array(text),
  urged: z.object({ times: count, lastAtMs: ms }),
  parent: z.object({ instanceId: text, tokenId: count }).nullable(),
  /** How many flows this one is inside of. */
  depth: count,
})
export type Instance = z.output<typeof instanceSchema>
