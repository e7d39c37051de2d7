import * as z from 'zod'
import { collection, defineRoute, idInput, refuse, text as string } from '../../_kernel/index.ts'
import { attachMedia, detachMedia } from '../../media/public.ts'
import { mentionsInput, placeInput, postFields } from '../content/fields.ts'
import { TOPICS_MAX } from '../topic/store.ts'
import { mediaUse } from './media-use.ts'

const fields = { ...postFields, topicIds: z.array(idInput).max(TOPICS_MAX).default([]) }

/** What its author has written so far. Judged by nobody, because nobody else sees it. */
export const drafts = collection(
  'post_drafts',
  z.object({
    _id: string,
    _openid: string,
    text: z.string(),
    images: z.array(string),
    place: placeInput.nullable(),
    mentionUserIds: mentionsInput,
    topicIds: z.array(string),
    updatedAtMs: z.int(),
  }),
)

const DRAFTS_MAX = 20

/** community/saveDraft: a new draft, or the whole of one anew. */
export const saveDraft = defineRoute({
  summary: 'Keep a post for later',
  input: z.strictObject({ draftId: idInput.optional(), ...fields }),
  access: 'user',
  idempotent: 'once',
  rateLimit: { limit: 60, perMs: 60_000 },

  async handle({ draftId, ...content }, ctx) {
    const updatedAtMs = ctx.clock.nowMs()
    const _openid = ctx.userId
    if (draftId === undefined && (await ctx.db.count(drafts, { _openid })) >= DRAFTS_MAX) {
      refuse('DRAFT_LIMIT', { max: DRAFTS_MAX })
    }
    const _id = draftId ?? ctx.ids.next('dft')
    return ctx.once(async (tx) => {
      if (draftId !== undefined) {
        const known = await tx.get(drafts, draftId)
        if (known._openid !== _openid) refuse('NOT_FOUND', { draftId })
        const dropped = known.images.filter((fileId) => !content.images.includes(fileId))
        await detachMedia(tx, mediaUse('draft', _id, _openid, dropped))
      }
      await attachMedia(tx, mediaUse('draft', _id, _openid, content.images))
      await tx.put(drafts, { _id, _openid, ...content, updatedAtMs })
      return { draftId: _id }
    })
  },
})

/** community/drafts: the caller's, latest first; there are few. */
export const listDrafts = defineRoute({
  summary: 'My drafts',
  input: z.strictObject({}),
  access: 'user',

  async handle(_input, ctx) {
    const found = await ctx.db.query(drafts, {
      where: { _openid: ctx.userId },
      orderBy: [['updatedAtMs', 'desc']],
      limit: DRAFTS_MAX,
    })
    return { items: found.map(({ _id, _openid, ...rest }) => ({ draftId: _id, ...rest })) }
  },
})

/** community/removeDraft: a repeat changes nothing. */
export const removeDraft = defineRoute({
  summary: 'Throw a draft away',
  input: z.strictObject({ draftId: idInput }),
  access: 'user',

  async handle({ draftId }, ctx) {
    await ctx.transaction(async (tx) => {
      const draft = await tx.find(drafts, draftId)
      if (draft?._openid !== ctx.userId) return
      await tx.remove(drafts, draftId)
      await detachMedia(tx, mediaUse('draft', draftId, ctx.userId, draft.images))
    })
    return { draftId }
  },
})
