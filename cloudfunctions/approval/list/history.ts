import * as z from 'zod'
import { defineRoute, idInput, pageInput } from '../../_kernel/index.ts'
import { getVisible, type HistoryEntry, history } from '../instance/store.ts'

/** `approval/history`: everything that happened, from the beginning; page after page, it is the whole record. Two database requests. */
export const showHistory = defineRoute({
  summary: 'Everything that happened to an approval, in order',
  input: z.strictObject({ instanceId: idInput, ...pageInput.shape }),
  access: 'user',

  async handle({ instanceId, cursor, size }, ctx) {
    const [page] = await Promise.all([
      ctx.db.page(history, { where: { instanceId }, orderBy: ['revision', 'asc'], cursor, size }),
      getVisible(ctx, instanceId),
    ])
    return { items: page.items.map(viewOf), nextCursor: page.nextCursor }
  },
})

/** Without what was asked about the organisation. */
function viewOf({ _id, answers, asOperator, ...entry }: HistoryEntry) {
  return entry
}
