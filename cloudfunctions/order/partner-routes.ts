/** What partners may call of `order`, with the shape of each answer. Loaded by the gateway only. */
import * as z from 'zod'
import { type PartnerRoutes, text } from '../_kernel/index.ts'
import { orderSchema } from './model.ts'
import { operatorDetail } from './operator-detail.ts'
import { operatorList } from './operator-list.ts'
import { ship } from './ship.ts'

export const routes = {
  operatorList: {
    route: operatorList,
    answer: z.object({ items: z.array(orderSchema), nextCursor: z.string().nullable() }),
  },
  operatorDetail: { route: operatorDetail, answer: orderSchema },
  ship: {
    route: ship,
    answer: orderSchema.pick({ status: true, autoConfirmAtMs: true }).extend({ orderId: text }),
  },
} satisfies PartnerRoutes
