/** Everything that can happen to an approval, and what follows from it. Stored in its history as it is. */
import * as z from 'zod'
import { text } from '../../_kernel/index.ts'
import { formSchema } from '../definition/form.ts'
import { outcome } from '../outcome.ts'
import type { Task } from './state.ts'

const taskId = z.int()
const chosen = z.record(text, z.array(text))

export const actionSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('begin'),
    instanceId: text,
    initiator: text,
    definitionKey: text,
    version: z.int(),
    title: text,
    form: formSchema,
    chosen,
    parent: z.object({ instanceId: text, tokenId: z.int() }).nullable(),
    depth: z.int(),
  }),
  z.object({ kind: z.literal('approve'), taskId }),
  z.object({ kind: z.literal('reject'), taskId }),
  z.object({ kind: z.literal('return'), taskId, toNode: text }),
  z.object({ kind: z.literal('resubmit'), taskId, form: formSchema, chosen }),
  z.object({ kind: z.literal('withdraw') }),
  z.object({ kind: z.literal('transfer'), taskId, toUser: text }),
  z.object({ kind: z.literal('delegate'), taskId, toUser: text }),
  z.object({ kind: z.literal('give-back'), taskId }),
  z.object({
    kind: z.literal('add-signers'),
    taskId,
    place: z.enum(['before', 'after']),
    userIds: z.array(text),
  }),
  z.object({ kind: z.literal('remove-signer'), taskId }),
  z.object({ kind: z.literal('cc'), userIds: z.array(text) }),
  z.object({ kind: z.literal('urge') }),
  z.object({ kind: z.literal('comment') }),
  z.object({ kind: z.literal('terminate') }),
  /** Somebody has left: what they were asked goes to others. `managers` are those whom they had, nearest first. */
  z.object({ kind: z.literal('leave'), userId: text, managers: z.array(text) }),
  /** Time has passed. */
  z.object({ kind: z.literal('tick') }),
  /** What a webhook answered to its n-th call. */
  z.object({ kind: z.literal('called'), tokenId: z.int(), tries: z.int(), ok: z.boolean() }),
  z.object({ kind: z.literal('sub-ended'), tokenId: z.int(), outcome }),
])
export type Action = z.output<typeof actionSchema>
export type ActionOf<K extends Action['kind']> = Extract<Action, { kind: K }>

export const commandSchema = z.object({
  action: actionSchema,
  /** A user, or `timer`, `flow` (another flow of ours). */
  by: text,
  /** Acts for the organisation: may reassign and terminate what is not theirs. */
  asOperator: z.boolean(),
  atMs: z.int(),
  comment: z.string(),
  /** What the machine asked about the organisation, and was told: kept, so that history replays. */
  answers: z.record(text, z.array(text)),
})
export type Command = z.output<typeof commandSchema>

/** What the machine must know of the organisation before it can go on. */
export type Question =
  | { ask: 'candidates'; nodeId: string }
  /** Who manages this person, nearest first. */
  | { ask: 'managers'; userId: string }
  /** Of these, who still works here. */
  | { ask: 'active'; userIds: readonly string[] }
  | { ask: 'admins' }

export function keyOf(question: Question): string {
  switch (question.ask) {
    case 'candidates':
      return `candidates:${question.nodeId}`
    case 'managers':
      return `managers:${question.userId}`
    case 'active':
      return `active:${question.userIds.join(',')}`
    case 'admins':
      return 'admins'
  }
}

/** What a change brings about outside of the instance. */
export type Effect =
  /** A task is over; without a decision, it was taken away. */
  | { kind: 'closed'; task: Task; nodeId: string; outcome: TaskOutcome }
  | { kind: 'copied'; copyId: number; userId: string; nodeId: string }
  | { kind: 'entered'; nodeId: string }
  /** Those who are asked should be told again. */
  | { kind: 'urged'; userIds: string[] }
  | { kind: 'call'; tokenId: number; nodeId: string; tries: number }
  | { kind: 'sub-start'; tokenId: number; nodeId: string }
  | { kind: 'sub-cancel'; tokenId: number }
  | { kind: 'ended'; outcome: z.output<typeof outcome> }

export type TaskOutcome =
  | 'approved'
  | 'rejected'
  | 'returned'
  | 'resubmitted'
  | 'transferred'
  | 'given-back'
  | 'removed'
  /** Decided by others or overtaken by events. */
  | 'void'
