/** What an approval flow is: the form that is filled in, and the nodes it passes. Data, so that operators can draw it. */
import * as z from 'zod'
import { text } from '../../_kernel/index.ts'
import { conditionSchema } from './condition.ts'
import { fieldSchema } from './form.ts'

export const MAX_NODES = 100
const MAX_BRANCHES = 20
const MAX_CANDIDATES = 20
const DAY_MS = 86_400_000

export const START = 'start'

/** Also the key of what the initiator chooses, so plain names only. */
export const nodeId = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/)
export const definitionKey = z.string().regex(/^[a-z][a-z0-9-]{1,39}$/)
export const userId = z.string().regex(/^[\w-]{1,64}$/)
const title = z.string().trim().min(1).max(40)
/** Made when the first definition is parsed: a cold start does not pay for it. */
function makeNodeSchema() {
  const next = nodeId
  const level = z.int().min(1).max(10)
  const spanMs = z
    .int()
    .min(60_000)
    .max(90 * DAY_MS)

  /** Who is asked. Several together are asked together; whoever left is never among them. */
  const candidateSchema = z.discriminatedUnion('by', [
    z.strictObject({ by: z.literal('users'), userIds: z.array(userId).min(1).max(50) }),
    z.strictObject({ by: z.literal('role'), role: z.string().min(1).max(40) }),
    /** 1 manages the initiator's own department, 2 the one above. */
    z.strictObject({ by: z.literal('manager'), level }),
    /** Everybody from level 1 up to `upTo`, in this order: with `sequence`, one after the other. */
    z.strictObject({ by: z.literal('manager-chain'), upTo: level }),
    /** Named for this node when the form is sent in. */
    z.strictObject({ by: z.literal('initiator-chooses'), max: z.int().min(1).max(20).default(5) }),
    /** A field of kind `user` or `users`. */
    z.strictObject({ by: z.literal('field'), field: text }),
    z.strictObject({ by: z.literal('initiator') }),
  ])
  const candidates = z.array(candidateSchema).min(1).max(MAX_CANDIDATES)

  /** What counts as the answer of a node. 会签: `all`, `ratio`; 或签: `any`; 依次: `sequence`. */
  const voting = z.discriminatedUnion('mode', [
    z.strictObject({ mode: z.literal('all') }),
    z.strictObject({ mode: z.literal('ratio'), percent: z.int().min(1).max(100) }),
    z.strictObject({ mode: z.literal('any') }),
    z.strictObject({ mode: z.literal('sequence') }),
  ])

  const start = z.strictObject({ id: z.literal(START), kind: z.literal('start'), next })
  const approve = z.strictObject({
    id: nodeId,
    kind: z.literal('approve'),
    title,
    voting,
    candidates,
    /** Nobody is there to be asked. */
    empty: z
      .discriminatedUnion('then', [
        z.strictObject({ then: z.literal('pass') }),
        z.strictObject({ then: z.literal('reject') }),
        z.strictObject({ then: z.literal('assign'), userIds: z.array(userId).min(1).max(10) }),
        z.strictObject({ then: z.literal('admin') }),
      ])
      .default({ then: 'admin' }),
    /** The initiator is among those who are asked. */
    self: z.enum(['ask', 'pass', 'manager', 'admin']).default('ask'),
    /** Somebody approved an earlier node already; `adjacent` looks at the nodes right before only. */
    repeated: z.enum(['ask', 'pass', 'adjacent']).default('ask'),
    timeout: z
      .strictObject({ afterMs: spanMs, then: z.enum(['remind', 'approve', 'reject', 'escalate']) })
      .optional(),
    /** Ends the whole flow, or goes back to the initiator. */
    rejected: z.enum(['end', 'initiator']).default('end'),
    next,
  })
  const copy = z.strictObject({ id: nodeId, kind: z.literal('cc'), title, candidates, next })
  const condition = z.strictObject({
    id: nodeId,
    kind: z.literal('condition'),
    title,
    branches: z
      .array(z.strictObject({ title, when: conditionSchema, next }))
      .min(1)
      .max(MAX_BRANCHES),
    /** Where it goes when no branch fits. May be left out of a draft, never of what is published. */
    otherwise: next.optional(),
  })
  const parallel = z.strictObject({
    id: nodeId,
    kind: z.literal('parallel'),
    title,
    branches: z.array(next).min(2).max(MAX_BRANCHES),
    join: nodeId,
  })
  const join = z.strictObject({ id: nodeId, kind: z.literal('join'), next })
  const delay = z.strictObject({ id: nodeId, kind: z.literal('delay'), title, forMs: spanMs, next })
  const webhook = z.strictObject({
    id: nodeId,
    kind: z.literal('webhook'),
    title,
    url: z.url({ protocol: /^https$/, hostname: z.regexes.domain }).max(300),
    /** After the last try. */
    failed: z.enum(['continue', 'reject']).default('reject'),
    next,
  })
  const subflow = z.strictObject({
    id: nodeId,
    kind: z.literal('subflow'),
    title,
    definitionKey,
    /** Field of the sub-flow: field of this flow. */
    fields: z.record(text, text).default({}),
    /** When the sub-flow ends in anything but approval. */
    rejected: z.enum(['end', 'continue']).default('end'),
    next,
  })
  const end = z.strictObject({ id: nodeId, kind: z.literal('end') })

  return z.discriminatedUnion('kind', [
    start,
    approve,
    copy,
    condition,
    parallel,
    join,
    delay,
    webhook,
    subflow,
    end,
  ])
}

export type Node = z.output<ReturnType<typeof makeNodeSchema>>
export type NodeOf<K extends Node['kind']> = Extract<Node, { kind: K }>
export type ApproveNode = NodeOf<'approve'>
export type Candidate = ApproveNode['candidates'][number]
export type Voting = ApproveNode['voting']

export const contentSchema = z.strictObject({
  title,
  description: z.string().trim().max(200).default(''),
  fields: z.array(fieldSchema).max(50),
  nodes: z.array(z.lazy(makeNodeSchema)).min(1).max(MAX_NODES),
  /** How long the initiator may take a request back. */
  withdraw: z.enum(['always', 'before-first-decision', 'never']).default('always'),
})
export type Content = z.output<typeof contentSchema>
export type ContentInput = z.input<typeof contentSchema>
