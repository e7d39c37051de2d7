import * as z from 'zod'
import { type Context, defineRoute, derivedId, refuse, type Tx } from '../../_kernel/index.ts'
import { type Media, UPLOAD_WITHIN_MS } from '../model.ts'
import { type PolicyName, policyNames, policyOf } from '../policies.ts'
import { mediaFiles, quotas } from '../store.ts'
import { extensionOf, fileTypes } from './file-type.ts'

const DAY_MS = 86_400_000
const CHINA_AHEAD_MS = 8 * 3_600_000

/**
 * media/grant: paths that the caller may upload to, within an hour and within the policy's bounds. What is really
 * uploaded is looked at by `confirm`; until then nobody uses it, and the cleaner takes it away.
 */
export const grant = defineRoute({
  summary: 'Paths to upload files to',
  input: z.strictObject({
    policy: z.enum(policyNames),
    files: z
      .array(z.strictObject({ type: z.enum(fileTypes), bytes: z.int().min(1) }))
      .min(1)
      .max(9),
  }),
  access: 'user',
  idempotent: 'once',
  rateLimit: { limit: 60, perMs: 60_000 },

  async handle({ policy: name, files }, ctx) {
    await assertAllowed(ctx, name, files)
    const nowMs = ctx.clock.nowMs()
    const granted = files.map(({ type, bytes }): Media => {
      const _id = ctx.ids.next('med')
      return {
        _id,
        _openid: ctx.userId,
        policy: name,
        state: 'granted',
        incomingPath: `incoming/${_id}.${extensionOf(type)}`,
        staged: [],
        path: '',
        fileId: '',
        type,
        bytes,
        sha256: '',
        refs: [],
        traceId: null,
        checks: 0,
        checkAtMs: null,
        sweepAtMs: nowMs + UPLOAD_WITHIN_MS,
        createdAtMs: nowMs,
      }
    })
    return ctx.once(async (tx) => {
      await takeQuota(tx, name, granted.length)
      for (const media of granted) await tx.insert(mediaFiles, media)
      return {
        files: granted.map(({ _id, incomingPath }) => ({ mediaId: _id, cloudPath: incomingPath })),
        uploadBeforeMs: nowMs + UPLOAD_WITHIN_MS,
      }
    })
  },
})

async function assertAllowed(
  ctx: Context,
  name: PolicyName,
  files: readonly { type: Media['type']; bytes: number }[],
): Promise<void> {
  const { needs, atOnce, types, maxBytes } = policyOf(name)
  if (needs !== undefined && !(await ctx.can(needs))) refuse('FORBIDDEN', { needs })
  if (files.length > atOnce) refuse('INVALID_INPUT', { field: 'files', atMost: atOnce })
  for (const { type, bytes } of files) {
    if (!types.includes(type)) refuse('MEDIA_TYPE', { type, allowed: types })
    if (bytes > maxBytes) refuse('MEDIA_TOO_LARGE', { bytes, maxBytes })
  }
}

/** In the grant's transaction, so that two grants at the same time cannot both take the last of it. */
async function takeQuota(tx: Tx, name: PolicyName, count: number): Promise<void> {
  const { userId, clock } = tx.context
  const { perDay } = policyOf(name)
  const day = Math.floor((clock.nowMs() + CHINA_AHEAD_MS) / DAY_MS)
  const _id = derivedId('quo', userId, name, String(day))
  const used = (await tx.find(quotas, _id))?.used ?? 0
  if (used + count > perDay) refuse('MEDIA_QUOTA', { perDay, left: perDay - used })
  await tx.put(quotas, { _id, used: used + count, expiresAtMs: clock.nowMs() + 2 * DAY_MS })
}
