/** Answers what the machine asks about the organisation: who holds a role, who manages whom, who still works here. */
import { type Context, command, grants } from '../../_kernel/index.ts'
import { findActiveUsers, findManagerChain } from '../../user/public.ts'
import type { Flow } from '../definition/graph.ts'
import type { Candidate } from '../definition/model.ts'
import type { Action, Question } from '../machine/command.ts'
import type { Instance } from '../machine/state.ts'

const ADMIN_ROLE = 'admin'
/** Of one role; more people than this are never asked at one node. */
const HOLDERS_MAX = 50

/** The facts about an approval that candidates depend on. */
type About = Pick<Instance, '_openid' | 'form' | 'chosen'>

export async function answer(
  ctx: Context,
  flow: Flow,
  before: Instance | undefined,
  action: Action,
  question: Question,
): Promise<string[]> {
  switch (question.ask) {
    case 'active':
      return findActiveUsers(ctx, question.userIds)
    case 'managers':
      return activeInOrder(ctx, (await findManagerChain(ctx, question.userId)).flat())
    case 'admins': {
      const admins = await holdersOf(ctx, ADMIN_ROLE)
      return admins.length > 0 ? admins : [...ctx.settings.ADMIN_OPENIDS]
    }
    case 'candidates': {
      const node = flow.get(question.nodeId)
      if (node.kind !== 'approve' && node.kind !== 'cc') return []
      const about = aboutOf(before, action)
      const found: string[] = []
      for (const candidate of node.candidates)
        found.push(...(await candidatesOf(ctx, about, node.id, candidate)))
      return activeInOrder(ctx, found)
    }
  }
}

/** What the form and the choices are once the action is done. */
function aboutOf(before: Instance | undefined, action: Action): About {
  if (action.kind === 'begin') return { ...action, _openid: action.initiator }
  if (!before) throw new Error(`${action.kind} needs an approval`)
  return action.kind === 'resubmit' ? { ...before, form: action.form, chosen: action.chosen } : before
}

async function candidatesOf(
  ctx: Context,
  about: About,
  nodeId: string,
  candidate: Candidate,
): Promise<readonly string[]> {
  switch (candidate.by) {
    case 'users':
      return candidate.userIds
    case 'role':
      return holdersOf(ctx, candidate.role)
    case 'manager':
      return (await findManagerChain(ctx, about._openid))[candidate.level - 1] ?? []
    case 'manager-chain':
      return (await findManagerChain(ctx, about._openid)).slice(0, candidate.upTo).flat()
    case 'initiator-chooses':
      return (about.chosen[nodeId] ?? []).slice(0, candidate.max)
    case 'field': {
      const value = about.form[candidate.field]
      return Array.isArray(value) ? value : typeof value === 'string' ? [value] : []
    }
    case 'initiator':
      return [about._openid]
  }
}

async function holdersOf(ctx: Context, role: string): Promise<string[]> {
  const found = await ctx.db.query(grants, {
    where: { roles: command.all([role]) },
    orderBy: [['_id', 'asc']],
    limit: HOLDERS_MAX,
  })
  return activeInOrder(
    ctx,
    found.map(({ _id }) => _id),
  )
}

/** Each once, in the given order, without those who left. */
async function activeInOrder(ctx: Context, userIds: readonly string[]): Promise<string[]> {
  if (userIds.length === 0) return []
  const active = new Set(await findActiveUsers(ctx, userIds))
  return [...new Set(userIds)].filter((userId) => active.has(userId))
}
