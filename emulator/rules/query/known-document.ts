import type { DocumentView } from '../operand.ts'

/** `doc` as one document that is at hand: one to be created, or one read by its id. */
export function knownDocument(document: Record<string, unknown>): DocumentView {
  return {
    whole: { kind: 'value', value: document },
    // A known document has no unknown fields, so nobody asks for one.
    pinned: () => undefined,
    compare: () => undefined,
    holds: () => undefined,
  }
}
