/** A document and its people, for the tests of `collab`. */
import * as Y from 'yjs'
import * as z from 'zod'
import { type UnitCloud, unitCloud } from '../../test/support/unit.ts'
import { defineFunction, defineRoute } from '../_kernel/index.ts'
import { compact } from './log/compact.ts'

export interface Pulled {
  kind: 'updates' | 'snapshot'
  updates?: { seq: number; update: string }[]
  seq: number
  lastSeq: number
  snapshotId?: string
  part?: number
  parts?: number
  data?: string
}

export interface Desk {
  cloud: UnitCloud
  documentId: string
  /** A member called `name` who has joined by an invitation. */
  join(name: string, role: 'editor' | 'viewer'): Promise<void>
  push(name: string, clock: number, update: Uint8Array, clientId?: string): Promise<{ seq: number | null }>
  pull(name: string, since: number, snapshot?: { id: string; part: number }): Promise<Pulled>
  /** What the scheduler does, for this document and now. */
  compact(): Promise<unknown>
  /** The document as somebody has it who opens it now: everything that `pull` gives, applied. */
  open(name: string, since?: number): Promise<Y.Doc>
}

export const CLIENT = 'client-1'

/** `author1` owns the document. */
export async function openDesk(): Promise<Desk> {
  const cloud = await unitCloud({ functions: { compactor: async () => ({ main: compactor }) } })
  const author = cloud.as('author1')
  const { documentId } = await author.ok<{ documentId: string }>('collab/create', { title: '周会' })
  const pull = (name: string, since: number, snapshot?: { id: string; part: number }) =>
    cloud.as(name).ok<Pulled>('collab/pull', { documentId, since, snapshot })

  return {
    cloud,
    documentId,
    async join(name, role) {
      const { code } = await author.ok<{ code: string }>('collab/invite', { documentId, role })
      await cloud.as(name).ok('collab/join', { code })
    },
    push: (name, clock, update, clientId = CLIENT) =>
      cloud.as(name).ok('collab/push', { documentId, clientId, clock, update: base64(update) }),
    pull,
    compact: () => cloud.as('admin').call('compactor/compact', { documentId }),
    async open(name, since = 0) {
      const doc = new Y.Doc()
      for (let seq = since; ; ) {
        const pulled = await pull(name, seq)
        if (pulled.kind === 'snapshot') Y.applyUpdate(doc, await wholeSnapshot(pulled))
        for (const { update } of pulled.updates ?? []) Y.applyUpdate(doc, Buffer.from(update, 'base64'))
        seq = pulled.seq
        if (seq === pulled.lastSeq) return doc
      }

      async function wholeSnapshot(first: Pulled): Promise<Uint8Array> {
        const pieces = [first]
        for (let part = 1; part < (first.parts ?? 1); part++) {
          pieces.push(await pull(name, since, { id: first.snapshotId ?? '', part }))
        }
        return Buffer.concat(pieces.map(({ data = '' }) => Buffer.from(data, 'base64')))
      }
    },
  }
}

const compactor = defineFunction('compactor', {
  compact: defineRoute({
    summary: 'Compacts one document',
    input: z.strictObject({ documentId: z.string() }),
    access: 'user',
    handle: ({ documentId }, ctx) => compact(ctx, documentId),
  }),
})

/** The updates that one client makes: `type(text)` appends a word to the text `body`. */
export function typist(): { type(text: string): Uint8Array; doc: Y.Doc } {
  const doc = new Y.Doc()
  return {
    doc,
    type(text) {
      const before = Y.encodeStateVector(doc)
      const body = doc.getText('body')
      body.insert(body.length, text)
      return Y.encodeStateAsUpdate(doc, before)
    },
  }
}

export const bodyOf = (doc: Y.Doc): string => doc.getText('body').toString()

export const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')
