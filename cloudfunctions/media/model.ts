/** What an uploaded file is, and how it may change. */
import * as z from 'zod'
import { refuse, text } from '../_kernel/index.ts'
import { policyNames, policyOf } from './policies.ts'
import { fileTypes } from './upload/file-type.ts'

/**
 * `granted`: may be uploaded. `pending`: stored, and WeChat looks at it. `review`: a person must. `clean`, `rejected`:
 * judged. `removing`: is being deleted, and nobody may begin to use it.
 */
export const mediaState = z.enum(['granted', 'pending', 'review', 'clean', 'rejected', 'removing'])
export type MediaState = z.output<typeof mediaState>

/** Who may make what of a file; nothing else changes `state`. */
export const transitions = {
  store: { from: ['granted'], to: ['pending', 'clean'] },
  check: { from: ['pending'], to: ['clean', 'review', 'rejected'] },
  judge: { from: ['pending', 'review', 'clean', 'rejected'], to: ['clean', 'rejected'] },
  remove: { from: ['granted', 'pending', 'review', 'clean', 'rejected'], to: ['removing'] },
} as const satisfies Record<string, { from: readonly MediaState[]; to: readonly MediaState[] }>

export const mediaSchema = z.object({
  _id: text,
  _openid: text,
  policy: z.enum(policyNames),
  state: mediaState,
  /** Where the client may put it. */
  incomingPath: text,
  /** Where copies may lie that nobody uses: written down before they are made. */
  staged: z.array(z.string()),
  /** Of the file that is used; empty until it is stored. Clients cannot write there. */
  path: z.string(),
  fileId: z.string(),
  type: z.enum(fileTypes),
  bytes: z.int(),
  sha256: z.string(),
  /** By whom the file is used, each once; at most `MAX_REFS`. */
  refs: z.array(text),
  /** WeChat's number of the check; it never leaves the server, so whoever names it is WeChat. */
  traceId: z.string().nullable(),
  checks: z.int(),
  /** When to ask WeChat (again); null when there is nothing to ask. */
  checkAtMs: z.int().nullable(),
  /** When the cleaner looks at the file; null while it is in use. */
  sweepAtMs: z.int().nullable(),
  createdAtMs: z.int(),
})
export type Media = z.output<typeof mediaSchema>

export const UPLOAD_WITHIN_MS = 3_600_000
/** A file that nobody uses is kept for a day: whoever uploads a picture may still be writing the text. */
export const KEEP_UNUSED_MS = 24 * 3_600_000
/** For a moderator who looks again. */
export const KEEP_REJECTED_MS = 7 * 24 * 3_600_000
export const MAX_REFS = 500

/** What its owner sees of a file. */
export function viewOf({ _id, policy, state, fileId, type, bytes, refs, createdAtMs }: Media) {
  return { mediaId: _id, policy, state, fileId, type, bytes, uses: refs.length, createdAtMs }
}

/** Is anybody but its owner shown the file? */
export function isShown({ state }: Media): boolean {
  return state === 'clean'
}

export function assertUsable(media: Media | undefined, fileId: string): Media {
  if (!media || media.fileId !== fileId) return refuse('NOT_FOUND', { fileId })
  const isUsable = media.state === 'pending' || media.state === 'review' || media.state === 'clean'
  if (!isUsable) refuse('MEDIA_STATE', { fileId, state: media.state })
  return media
}

/** The path of a file that is used: its content is part of it, so no other content can ever lie there. */
export function storedPath({ _id, policy }: Media, sha256: string, extension: string): string {
  const root = policyOf(policy).isPublic ? 'media' : 'private'
  return `${root}/${policy}/${_id}-${sha256.slice(0, 16)}.${extension}`
}

/** The file's document, out of an id that somebody kept; undefined for files that did not come this way. */
export function findMediaId(fileId: string): string | undefined {
  return /^cloud:\/\/[^/]+\/(?:media|private)\/[a-z]+\/(med_[0-9a-z]+)-[0-9a-f]{16}\.[a-z]+$/.exec(
    fileId,
  )?.[1]
}
