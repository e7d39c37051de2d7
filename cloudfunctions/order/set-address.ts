import * as z from 'zod'
import { defineRoute, idInput } from '../_kernel/index.ts'
import { setOrderAddress } from './store.ts'

/** `order/setAddress`: where an unpaid order goes. Flash orders are placed without, because every call counts there. */
export const setAddress = defineRoute({
  summary: 'Sets the delivery address of an unpaid order',
  input: z.strictObject({ orderId: idInput, addressId: idInput }),
  access: 'user',
  async handle({ orderId, addressId }, ctx) {
    const { address } = await setOrderAddress(ctx, orderId, addressId)
    return { orderId, address }
  },
})
