import * as z from 'zod'
import { defineRoute } from '../_kernel/index.ts'
import { reconcileDay } from './reconcile-day.ts'

/** `payment/reconcile`: an operator compares a day with WeChat's bill, again or for the first time. */
export const reconcile = defineRoute({
  summary: "Compares a day's payments and refunds with WeChat Pay's bill",
  input: z.strictObject({ day: z.string().regex(/^\d{4}-?\d{2}-?\d{2}$/) }),
  access: 'payment:reconcile',
  audit: { action: 'payment.reconcile', subject: ({ day }) => day },
  handle({ day }, ctx) {
    return reconcileDay(ctx, day)
  },
})
