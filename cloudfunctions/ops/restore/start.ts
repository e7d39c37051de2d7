import * as z from 'zod'
import { assertSameRequest, defineRoute, derivedId, idInput, refuse } from '../../_kernel/index.ts'
import { backups } from '../backup/model.ts'
import { collectionNames } from '../backup/start.ts'
import { goOn } from './go-on.ts'
import { type Restore, restores, toView } from './model.ts'

/** ops/startRestore: copies a backup into `<name>_bak`, where it hurts nobody. `ops/continueRestore` goes on. */
export const startRestore = defineRoute({
  summary: 'Bring a backup back beside the data, to look at',
  input: z.strictObject({ backupId: idInput, collections: collectionNames.optional() }),
  access: 'ops:restore',
  idempotent: 'derived',
  whileClosed: true,
  audit: { action: 'restore.start', subject: ({ backupId }) => `backup/${backupId}` },

  async handle({ backupId, collections }, ctx) {
    const restoreId = derivedId('rst', ctx.userId, ctx.requestId)
    const known = await ctx.db.find(restores, restoreId)
    if (known) {
      assertSameRequest(ctx, known.requestHash)
      return toView(known)
    }
    const backup = await ctx.db.get(backups, backupId)
    if (backup.state !== 'complete') refuse('BACKUP_INCOMPLETE', { backupId })
    const wanted = collections ?? backup.collections
    const missing = wanted.filter((name) => !backup.collections.includes(name))
    if (missing.length > 0) refuse('NOT_FOUND', { backupId, collections: missing })
    const restore: Restore = {
      _id: restoreId,
      backupId,
      pointAtMs: backup.pointAtMs,
      state: 'loading',
      collections: [...new Set(wanted)],
      files: backup.files.filter(({ collection }) => wanted.includes(collection)),
      done: 0,
      startedBy: ctx.userId,
      startedAtMs: ctx.clock.nowMs(),
      closedAtMs: null,
      savedAs: null,
      endedAtMs: null,
      requestHash: ctx.requestHash,
      version: 1,
    }
    await ctx.db.insertIfAbsent(restores, restore)
    return toView(await goOn(ctx, restore))
  },
})
