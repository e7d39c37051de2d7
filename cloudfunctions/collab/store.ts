/** The collections of `collab`, and the reads that several routes share. */
import * as z from 'zod'
import { type Collection, type Context, collection, text } from '../_kernel/index.ts'
import { assertRole, type CollabDocument, documentSchema, type Role } from './model.ts'

export const documents: Collection<CollabDocument> = collection('collab_documents', documentSchema)

/** The log: what members have changed since the snapshot. */
export const updates = collection(
  'collab_updates',
  z.object({
    /** From document, client and clock: an update that comes again finds itself. */
    _id: text,
    documentId: text,
    seq: z.int(),
    /** What Yjs made, in base64. */
    update: text,
    bytes: z.int(),
    atMs: z.int(),
  }),
)
export type Update = ReturnType<typeof updates.parse>

/** The state of a document in pieces, for its snapshot or for a version: a record holds 512 kB at most. */
export const parts = collection(
  'collab_parts',
  z.object({
    _id: text,
    documentId: text,
    /** Of the snapshot or version. */
    holderId: text,
    part: z.int(),
    data: text,
    /** When to look whether a snapshot came to be; null for what is in use. */
    expiresAtMs: z.int().nullable(),
  }),
)
export type Part = ReturnType<typeof parts.parse>

/** States that somebody gave a name. */
export const versions = collection(
  'collab_versions',
  z.object({
    _id: text,
    documentId: text,
    name: text,
    seq: z.int(),
    parts: z.int(),
    bytes: z.int(),
    savedBy: text,
    savedAtMs: z.int(),
  }),
)
export type Version = ReturnType<typeof versions.parse>

/** Who has a document open, and where their cursor is. */
export const presence = collection(
  'collab_presence',
  z.object({
    _id: text,
    documentId: text,
    userId: text,
    clientId: text,
    state: z.string(),
    expiresAtMs: z.int(),
  }),
)

/** One database request. Refuses NOT_FOUND to strangers, FORBIDDEN to members who may not. */
export async function getDocument(ctx: Context, documentId: string, least: Role): Promise<CollabDocument> {
  return assertRole(await ctx.db.find(documents, documentId), ctx.userId, least)
}
