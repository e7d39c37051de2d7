/** What a shared document is, who may do what to it, and how a client's updates are known again. */
import * as z from 'zod'
import { derivedId, refuse, text } from '../_kernel/index.ts'

export const role = z.enum(['owner', 'editor', 'viewer'])
export type Role = z.output<typeof role>

const member = z.object({ userId: text, role, joinedAtMs: z.int() })
export type Member = z.output<typeof member>

/** How far one client has been heard: its updates come numbered without a gap, one after the other. */
const writer = z.object({ key: text, clock: z.int(), hash: text, seq: z.int(), atMs: z.int() })
export type Writer = z.output<typeof writer>

export const documentSchema = z.object({
  _id: text,
  title: text,
  members: z.array(member),
  /** The openids of `members`, for the index and for the security rule of what belongs to the document. */
  memberIds: z.array(text),
  invites: z.array(z.object({ secretHash: text, role, expiresAtMs: z.int() })),
  writers: z.array(writer),
  /** Of the latest update. Counts up by one with each, in the transaction that stores it. */
  lastSeq: z.int(),
  /** Updates after the snapshot. */
  tailUpdates: z.int(),
  tailBytes: z.int(),
  /** Empty without a snapshot. Every update up to `snapshotSeq` is in it. */
  snapshotId: z.string(),
  snapshotSeq: z.int(),
  snapshotParts: z.int(),
  snapshotBytes: z.int(),
  /** The snapshot that this one has replaced, as long as it and the updates before are still there; else empty. */
  leftoverId: z.string(),
  createdAtMs: z.int(),
  updatedAtMs: z.int(),
  /** Set when it is removed: nobody is a member then, and a job takes it away later. */
  removedAtMs: z.int().nullable(),
})
export type CollabDocument = z.output<typeof documentSchema>

export const MAX_MEMBERS = 100
export const MAX_DOCUMENTS_OF_ONE = 500
export const MAX_VERSIONS = 50
/** In base64. A request of a mini program should stay below 100 kB; its client sends less at a time when it can. */
export const MAX_UPDATE_CHARACTERS = 240_000
/** Of all that a document holds, as Yjs encodes it. */
export const MAX_STATE_BYTES = 2_000_000
const MAX_WRITERS = 200
const FORGET_WRITER_MS = 30 * 24 * 3_600_000

const RANK: Record<Role | 'none', number> = { none: 0, viewer: 1, editor: 2, owner: 3 }

export function roleOf(document: CollabDocument, userId: string): Role | undefined {
  return document.members.find((one) => one.userId === userId)?.role
}

/** To whoever is no member the document does not exist, so that ids cannot be probed. */
export function assertRole(
  document: CollabDocument | undefined,
  userId: string,
  least: Role,
): CollabDocument {
  const held = document && roleOf(document, userId)
  if (!document || !held) return refuse('NOT_FOUND', { what: 'document' })
  if (RANK[held] < RANK[least]) refuse('FORBIDDEN', { needs: least })
  return document
}

export function withMembers(members: Member[]): Pick<CollabDocument, 'members' | 'memberIds'> {
  return { members, memberIds: members.map(({ userId }) => userId) }
}

/** A document has one owner: the former one stays as an editor when somebody else becomes it. */
export function setRole(members: readonly Member[], next: Member): Member[] {
  const others = members
    .filter(({ userId }) => userId !== next.userId)
    .map((one) => (next.role === 'owner' && one.role === 'owner' ? { ...one, role: 'editor' as const } : one))
  const known = members.find(({ userId }) => userId === next.userId)
  const changed = [...others, { ...next, joinedAtMs: known?.joinedAtMs ?? next.joinedAtMs }]
  if (changed.length > MAX_MEMBERS) refuse('COLLAB_LIMIT', { members: MAX_MEMBERS })
  if (!changed.some((one) => one.role === 'owner')) refuse('COLLAB_OWNER')
  return changed
}

/** Is there anybody besides `userId` who may do less than before? */
export function isLessened(before: CollabDocument, after: readonly Member[], userId: string): boolean {
  const rankOf = (one: string) => RANK[after.find((member) => member.userId === one)?.role ?? 'none']
  return before.members.some(
    (member) => member.userId !== userId && rankOf(member.userId) < RANK[member.role],
  )
}

/** Two people's clients are never the same one, whatever they call themselves. */
export function writerKey(userId: string, clientId: string): string {
  return derivedId('wrt', userId, clientId)
}

/**
 * Where an update stands in what its client has sent: new, or one that is stored already. Refuses COLLAB_CLOCK for one
 * that leaves out another, or that has the number of another with other content (two devices with one client id).
 */
export function standingOf(
  writers: readonly Writer[],
  update: { key: string; clock: number; hash: string },
): { isNew: true } | { isNew: false; seq: number | null } {
  const known = writers.find(({ key }) => key === update.key)
  if (!known || update.clock === known.clock + 1) return { isNew: true }
  if (update.clock > known.clock) return refuse('COLLAB_CLOCK', { expected: known.clock + 1 })
  if (update.clock < known.clock) return { isNew: false, seq: null }
  if (update.hash !== known.hash) refuse('COLLAB_CLOCK', { taken: known.clock })
  return { isNew: false, seq: known.seq }
}

/** The writers with `next`, without those that have been silent for long. */
export function rememberWriter(writers: readonly Writer[], next: Writer): Writer[] {
  return [
    next,
    ...writers.filter(({ key, atMs }) => key !== next.key && atMs > next.atMs - FORGET_WRITER_MS),
  ].slice(0, MAX_WRITERS)
}
