import * as z from 'zod'
import { type Context, command, defineRoute, refuse } from '../../_kernel/index.ts'
import { documentId } from '../input.ts'
import type { CollabDocument } from '../model.ts'
import { getDocument, parts, type Update, updates } from '../store.ts'
import { partId } from './parts.ts'

const MOST_UPDATES = 200
/** A reply of 1 MB is the most that reaches a mini program. */
const MOST_CHARACTERS = 600_000
const TRIES = 3

/** `seq` is the last update that the client has once it has applied this. */
type Pulled =
  | { kind: 'updates'; updates: { seq: number; update: string }[]; seq: number; lastSeq: number }
  | {
      kind: 'snapshot'
      snapshotId: string
      part: number
      parts: number
      data: string
      seq: number
      lastSeq: number
    }

/**
 * collab/pull: what has changed after update `since`. A client that is far behind gets the snapshot instead, part by
 * part: it asks again with `snapshot` until it has all, and begins anew when the reply names another one.
 */
export const pull = defineRoute({
  summary: 'The changes of a shared document since I last asked',
  input: z.strictObject({
    documentId,
    since: z.int().min(0),
    snapshot: z.strictObject({ id: z.string().max(64), part: z.int().min(0).max(100) }).optional(),
  }),
  access: 'user',

  async handle({ documentId: id, since, snapshot }, ctx) {
    for (let tries = 1; tries <= TRIES; tries++) {
      const document = await getDocument(ctx, id, 'viewer')
      const isAhead = since > document.lastSeq
      const found =
        isAhead || since < document.snapshotSeq
          ? await findPart(ctx, document, snapshot)
          : await findUpdates(ctx, document, since)
      // A compaction between the two requests took away what the first had promised.
      if (found) return found
    }
    return refuse('BUSY')
  },
})

async function findPart(
  ctx: Context,
  document: CollabDocument,
  asked: { id: string; part: number } | undefined,
): Promise<Pulled | undefined> {
  const { snapshotId, snapshotSeq, snapshotParts, lastSeq } = document
  // Nothing to begin with: whoever is ahead of the log, after a restored backup say, begins with its first update.
  if (snapshotId === '') return { kind: 'updates', updates: [], seq: 0, lastSeq }
  const part = asked?.id === snapshotId ? asked.part : 0
  const found = await ctx.db.find(parts, partId(snapshotId, part))
  if (!found) return part >= snapshotParts ? refuse('NOT_FOUND', { part }) : undefined
  const { data } = found
  return { kind: 'snapshot', snapshotId, part, parts: snapshotParts, data, seq: snapshotSeq, lastSeq }
}

async function findUpdates(
  ctx: Context,
  { _id, lastSeq }: CollabDocument,
  since: number,
): Promise<Pulled | undefined> {
  if (since === lastSeq) return { kind: 'updates', updates: [], seq: since, lastSeq }
  const found = await ctx.db.query(updates, {
    where: { documentId: _id, seq: command.gt(since) },
    orderBy: [['seq', 'asc']],
    limit: MOST_UPDATES,
  })
  const fitting = withoutGap(found, since)
  const last = fitting.at(-1)
  if (!last) return undefined
  return {
    kind: 'updates',
    updates: fitting.map(({ seq, update }) => ({ seq, update })),
    seq: last.seq,
    lastSeq: Math.max(lastSeq, last.seq),
  }
}

/** Those that follow each other from `since` on, as many as fit into a reply. */
function withoutGap(found: Update[], since: number): Update[] {
  let characters = 0
  const end = found.findIndex(({ seq, update }, at) => {
    characters += update.length
    return seq !== since + at + 1 || (at > 0 && characters > MOST_CHARACTERS)
  })
  return end < 0 ? found : found.slice(0, end)
}
