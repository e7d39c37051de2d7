import * as z from 'zod'
import { refuse } from '../../_kernel/index.ts'

/**
 * Of posts and comments alike. `pending` is being judged: its author sees it, others do not · `visible` · `rejected` did
 * not pass · `taken_down` was visible until a moderator took it away · `deleted` by its author; kept for open cases.
 */
export const contentStatus = z.enum(['pending', 'visible', 'rejected', 'taken_down', 'deleted'])
export type ContentStatus = z.output<typeof contentStatus>

/** What may become of content: the only way its status changes. */
const moves = {
  /** The checks passed, or a moderator approved. */
  show: { pending: 'visible', rejected: 'visible', taken_down: 'visible' },
  /** An edit or many reports: hidden until it is judged again. */
  hold: { pending: 'pending', visible: 'pending', rejected: 'pending' },
  reject: { pending: 'rejected' },
  takeDown: { pending: 'taken_down', visible: 'taken_down' },
  remove: { pending: 'deleted', visible: 'deleted', rejected: 'deleted', taken_down: 'deleted' },
} as const satisfies Record<string, Partial<Record<ContentStatus, ContentStatus>>>

export type Move = keyof typeof moves

/** Refuses CONTENT_STATE for a move that the table does not have. */
export function statusAfter(move: Move, from: ContentStatus): ContentStatus {
  const row: Partial<Record<ContentStatus, ContentStatus>> = moves[move]
  return row[from] ?? refuse('CONTENT_STATE', { status: from, move })
}

export function mayMove(move: Move, from: ContentStatus): boolean {
  const row: Partial<Record<ContentStatus, ContentStatus>> = moves[move]
  return row[from] !== undefined
}
