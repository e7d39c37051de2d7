/** What is kept about a person here, given out or taken away on their request. */
import { type Context, command, type Doc, derivedId, refuse } from '../_kernel/index.ts'
import { findManagerChain } from '../user/public.ts'
import type { Content } from './definition/model.ts'
import { definitions, readFlow, versionId, versions } from './definition/store.ts'
import { drive } from './instance/drive.ts'
import { history, instances, tasks } from './instance/store.ts'
import type { Instance } from './machine/state.ts'
import { dropPapers } from './papers.ts'

const MOST = 1_000
const BATCH = 20

/** Three database requests. */
export async function exportUser(ctx: Context, userId: string): Promise<Record<string, unknown>> {
  const own = { where: { _openid: userId }, limit: MOST }
  return {
    approval_instances: await ctx.db.query(instances, own),
    approval_tasks: await ctx.db.query(tasks, own),
    approval_history: await ctx.db.query(history, { where: { by: userId }, limit: MOST }),
  }
}

/**
 * Approvals stay, with who decided what: under a name that means nobody, and without the words that the person wrote.
 * What they had begun and still runs ends; what they were asked goes to others.
 */
export async function eraseUser(ctx: Context, userId: string): Promise<void> {
  for (;;) {
    const some = await ctx.db.query(instances, { where: { people: command.all([userId]) }, limit: BATCH })
    for (const { _id } of some) await eraseFrom(ctx, _id, userId)
    if (some.length < BATCH) break
  }
  await eraseFromFlows(ctx, userId)
}

/** Flows that name the person as a candidate, who is not asked any more anyway, or as who drew them. */
async function eraseFromFlows(ctx: Context, userId: string): Promise<void> {
  const name = nobody(userId)
  const flows = await ctx.db.query(definitions, { limit: MOST })
  for (const flow of flows.filter((doc) => JSON.stringify(doc).includes(userId)))
    await ctx.db.putIf(definitions, definitions.parse(renamed(flow, userId, name)), {
      revision: flow.revision,
    })
  for (const { _id: key, version: latest } of flows) {
    const ids = Array.from({ length: latest }, (_, i) => versionId(key, i + 1))
    const published = await ctx.db.findMany(versions, ids)
    for (const version of published.filter((doc) => JSON.stringify(doc).includes(userId)))
      await ctx.db.putIf(versions, versions.parse(renamed(version, userId, name)), {
        version: version.version,
      })
  }
}

/** The same for one person everywhere, so that history still leads to the stored state and a crash is repaired by asking again; nobody can turn it back. */
function nobody(userId: string): string {
  return derivedId('erased', userId)
}

async function eraseFrom(ctx: Context, instanceId: string, userId: string): Promise<void> {
  await stepOut(ctx, instanceId, userId)
  const seen = await ctx.db.get(instances, instanceId)
  const { content } = await readFlow(ctx, seen.definitionKey, seen.version)
  const entries = await ctx.db.query(history, { where: { instanceId }, limit: MOST })
  const theirTasks = await ctx.db.query(tasks, { where: { instanceId }, limit: MOST })
  const name = nobody(userId)
  await ctx.transaction(async (tx) => {
    const { revision } = await tx.get(instances, instanceId)
    if (revision !== seen.revision) refuse('STALE', { instanceId })
    if (seen._openid === userId) {
      const sent = entries.flatMap(({ action }) => ('form' in action ? [action.form] : []))
      await dropPapers(tx, content, instanceId, [seen.form, ...sent])
    }
    const words = (doc: Doc) => withoutWords(doc, userId, seen, content)
    for (const entry of entries) {
      const known = JSON.stringify(entry).includes(userId)
      if (known || seen._openid === userId)
        await tx.put(history, history.parse(renamed(words(entry), userId, name)))
    }
    for (const task of theirTasks) {
      if (JSON.stringify(task).includes(userId))
        await tx.put(tasks, tasks.parse(renamed(words(task), userId, name)))
    }
    await tx.put(instances, instances.parse(renamed(words(seen), userId, name)))
  })
}

/** Whoever is asked gives way; what a person has begun is theirs to end. */
async function stepOut(ctx: Context, instanceId: string, userId: string): Promise<void> {
  const managers = (await findManagerChain(ctx, userId)).flat()
  await ctx.transaction(async (tx) => {
    const before = await tx.get(instances, instanceId)
    if (before.status !== 'running') return
    const action =
      before._openid === userId
        ? { kind: 'terminate' as const }
        : { kind: 'leave' as const, userId, managers }
    await drive(tx, before, { action, by: 'flow', asOperator: true })
  })
}

function renamed(doc: unknown, userId: string, name: string): unknown {
  return JSON.parse(JSON.stringify(doc).replaceAll(userId, name))
}

/** Their comments, and in what they began all that they could write freely: a flow does not decide by that. */
function withoutWords(
  doc: Doc,
  userId: string,
  { _openid: initiator }: Instance,
  { title, fields }: Content,
): unknown {
  const free = new Set(
    fields.filter(({ kind }) => kind === 'text' || kind === 'files').map(({ name }) => name),
  )
  const strip = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
    return Object.fromEntries(
      Object.entries(value).map(([key, part]) => {
        if (initiator === userId && key === 'title') return [key, title]
        if (initiator === userId && free.has(key)) return [key, Array.isArray(part) ? [] : '']
        return [key, strip(part)]
      }),
    )
  }
  const bare = strip(doc)
  const isTheirs = 'by' in doc && doc.by === userId
  return isTheirs && typeof bare === 'object' ? { ...bare, comment: '' } : bare
}
