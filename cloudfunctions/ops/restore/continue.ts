import * as z from 'zod'
import { defineRoute, idInput } from '../../_kernel/index.ts'
import { goOn } from './go-on.ts'
import { toView } from './model.ts'
import { getRestore } from './store.ts'

/** ops/continueRestore: as far as time allows; called again until the state stays. Two at once: one refuses STALE. */
export const continueRestore = defineRoute({
  summary: 'Go on with a restore, and see how far it is',
  input: z.strictObject({ restoreId: idInput }),
  access: 'ops:restore',
  whileClosed: true,

  async handle({ restoreId }, ctx) {
    return toView(await goOn(ctx, await getRestore(ctx, restoreId)))
  },
})
