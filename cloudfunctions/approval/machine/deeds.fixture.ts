/** What people might do to an approval, chosen at random: mostly what could work. */
import fc from 'fast-check'
import { INITIATOR, PEOPLE } from '../definition/blocks.fixture.ts'
import { START } from '../definition/model.ts'
import type { Action } from './command.ts'
import type { Instance } from './state.ts'
import { ADMIN } from './world.fixture.ts'

export interface Deed {
  action: Action
  by: string
  asOperator?: boolean
}

/** A choice, made before it is known what there will be to choose from. */
export type Pick = number
export const pick = fc.nat({ max: 1_000 })
export const from = <T>(items: readonly T[], at: Pick): T | undefined => items[at % Math.max(items.length, 1)]

const KINDS = [
  'approve',
  'approve',
  'approve',
  'reject',
  'return',
  'resubmit',
  'withdraw',
  'transfer',
  'delegate',
  'give-back',
  'before',
  'after',
  'remove-signer',
  'cc',
  'urge',
  'comment',
  'terminate',
  'called',
  'sub-ended',
  'reassign',
] as const
type Kind = (typeof KINDS)[number]

/** Which action, and what decides who does it to what. */
export type Choice = [Kind, Pick, Pick]
export const choice: fc.Arbitrary<Choice> = fc.tuple(fc.constantFrom(...KINDS), pick, pick)

/** Mostly what could work; now and then somebody else, or a task that is over. */
export function deedOf(instance: Instance, kind: Kind, one: Pick, two: Pick): Deed | undefined {
  const tasks = instance.tokens.flatMap((token) => token.tasks)
  const open = tasks.filter(({ decision }) => decision === null)
  const task = one % 7 === 0 ? from(tasks, two) : from(open, one)
  const taskId = task?.id ?? one
  const other = one % 11 === 0 ? from(PEOPLE, two) : one % 13 === 0 ? task?.addedBy : undefined
  const by = other ?? task?.userId ?? INITIATOR
  const toUser = from(PEOPLE, two) ?? INITIATOR
  const token = from(instance.tokens, one)
  switch (kind) {
    case 'approve':
    case 'reject':
    case 'give-back':
      return { action: { kind, taskId }, by }
    case 'transfer':
    case 'delegate':
      return { action: { kind, taskId, toUser }, by }
    case 'reassign':
      return { action: { kind: 'transfer', taskId, toUser }, by: ADMIN, asOperator: true }
    case 'return':
      return { action: { kind, taskId, toNode: from(instance.passed, two) ?? START }, by }
    case 'resubmit':
      return { action: { kind, taskId, form: { amount: two % 4 }, chosen: instance.chosen }, by }
    case 'before':
    case 'after':
      return { action: { kind: 'add-signers', taskId, place: kind, userIds: [toUser] }, by }
    case 'remove-signer':
      return { action: { kind, taskId }, by: task?.addedBy ?? by }
    case 'cc':
      return { action: { kind, userIds: [toUser] }, by }
    case 'withdraw':
      // Seldom, or few would come far.
      return one % 5 === 0 ? { action: { kind }, by: instance._openid } : undefined
    case 'urge':
      return { action: { kind }, by: instance._openid }
    case 'comment':
      return { action: { kind }, by }
    case 'terminate':
      return one % 8 === 0 ? { action: { kind }, by: ADMIN, asOperator: two % 2 === 0 } : undefined
    case 'called':
      return (
        token && { action: { kind, tokenId: token.id, tries: token.tries, ok: two % 3 > 0 }, by: 'timer' }
      )
    case 'sub-ended':
      return (
        token && {
          action: { kind, tokenId: token.id, outcome: two % 3 > 0 ? 'approved' : 'rejected' },
          by: 'flow',
        }
      )
  }
}
