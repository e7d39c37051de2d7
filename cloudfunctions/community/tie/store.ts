import * as z from 'zod'
import { type Context, collection, DuplicateKey, type Tx, text } from '../../_kernel/index.ts'

/**
 * That somebody likes a post or a comment, keeps a post, or follows a person. The id says it all, so that a tie exists
 * once, and so that the ties of a page are found by ids alone.
 */
export const ties = collection(
  'ties',
  z.object({
    _id: text,
    kind: z.enum(['like', 'favourite', 'follow']),
    userId: text,
    /** A post, a comment or a person. */
    targetId: text,
    createdAtMs: z.int(),
  }),
)

export type Tie = ReturnType<typeof ties.parse>
export type TieKind = Tie['kind']

export function tieId(kind: TieKind, userId: string, targetId: string): string {
  return `${kind}-${userId}-${targetId}`
}

/** Those of the ties that exist. One database request. */
export async function findTies(ctx: Context, ids: readonly string[]) {
  return ctx.db.findMany(ties, ids)
}

/**
 * Makes the caller's tie exist or not, and the counter follow it in the same transaction. When it is so already, nothing
 * changes: a repeat does no harm.
 *
 * @param count changes the target's counter by 1 or -1; refuses what must not be tied to.
 */
export async function setTie(
  ctx: Context,
  { kind, targetId, on }: { kind: TieKind; targetId: string; on: boolean },
  count: (tx: Tx, by: 1 | -1) => Promise<void>,
): Promise<void> {
  const { userId } = ctx
  const tie = { _id: tieId(kind, userId, targetId), kind, userId, targetId, createdAtMs: ctx.clock.nowMs() }
  try {
    await ctx.transaction(async (tx) => {
      const isOn = (await tx.find(ties, tie._id)) !== undefined
      if (isOn === on) return
      await count(tx, on ? 1 : -1)
      if (on) await tx.insert(ties, tie)
      else await tx.remove(ties, tie._id)
    })
  } catch (error) {
    // A twin of this request made it at the same moment, counter included.
    if (!(error instanceof DuplicateKey)) throw error
  }
}
