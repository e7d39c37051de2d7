import * as z from 'zod'
import { defineRoute } from '../../_kernel/index.ts'
import { chinaDay } from '../metrics/china-day.ts'
import { BACKED_UP } from './collections.ts'
import { toView } from './model.ts'
import { takeBackup } from './take.ts'

const BUDGET_MS = 40_000
export const collectionNames = z.array(z.enum(BACKED_UP)).min(1).max(BACKED_UP.length)

/** ops/startBackup: of all collections or some. Still `running` when it was too much: the nightly job finishes it. */
export const startBackup = defineRoute({
  summary: 'Copy collections to cloud storage now',
  input: z.strictObject({ collections: collectionNames.optional() }),
  access: 'ops:backup',
  whileClosed: true,
  rateLimit: { limit: 3, perMs: 60_000 },
  audit: {
    action: 'backup.start',
    subject: ({ collections }) => collections?.join(' ').slice(0, 200) ?? 'all',
  },

  async handle({ collections = BACKED_UP }, ctx) {
    const endsAtMs = ctx.clock.nowMs() + BUDGET_MS
    const id = `${chinaDay(ctx.clock.nowMs())}-${ctx.ids.next('b').slice(-8)}`
    const wanted = { id, collections: [...new Set(collections)] }
    return toView(await takeBackup(ctx, wanted, () => ctx.clock.nowMs() >= endsAtMs))
  },
})
