import * as z from 'zod'
import { defineRoute } from '../_kernel/index.ts'
import { setOrderAddress } from './store.ts'

/** `order/setAddress`: where an unpaid order goes. Flash orders are placed without, because every call counts there. */
export const setAddress = defineRoute({
  summary: 'Sets the delivery address of an unpaid order',
  input: z.strictObject({ orderId: z.string().min(1).max(32), addressId: z.string().min(1).max(64) }),
  access: 'user',
  async handle({ orderId, addressId }, ctx) {
    const { address } = await setOrderAddress(ctx, orderId, addressId)
    return { orderId, address }
  },
})
