import { defineRoute, pageInput } from '../../_kernel/index.ts'
import { skuIdInput } from './input.ts'
import { movements } from './model.ts'

export const listMovements = defineRoute({
  summary: 'The ledger of one SKU, latest first',
  input: pageInput.extend({ skuId: skuIdInput }),
  access: 'inventory:read',

  async handle({ skuId, cursor, size }, ctx) {
    const page = await ctx.db.page(movements, { where: { skuId }, orderBy: ['atMs', 'desc'], cursor, size })
    const items = page.items.map(({ _id, ...movement }) => ({ movementId: _id, ...movement }))
    return { items, nextCursor: page.nextCursor }
  },
})
