/** What is kept about a person here, given out on their request. It is taken away when their account is deleted. */
import { type Context, command } from '../_kernel/index.ts'
import { documents } from './store.ts'

const MOST = 1_000

/** Which documents they share in, and as what; the text belongs to all of its members. One database request. */
export async function exportUser(ctx: Context, userId: string): Promise<Record<string, unknown>> {
  const shared = await ctx.db.query(documents, { where: { memberIds: command.in([userId]) }, limit: MOST })
  return {
    collab_documents: shared.map(({ _id, title, members }) => ({
      _id,
      title,
      ...members.find((member) => member.userId === userId),
    })),
  }
}
