/** The mini program's side of a document (`miniprogram-stub/collab`) on several phones, for tests. */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as Y from 'yjs'
import type { UnitCloud } from '../../test/support/unit.ts'

/** `miniprogram-stub/collab/shared-document.ts`, as far as tests use it. */
export interface SharedDocument {
  sync(): Promise<void>
  isDirty(): boolean
  readonly since: number
  close(): void
}

const CLIENT_DIR = join(import.meta.dirname, '../../miniprogram-stub/collab')
const load = (file: string): Promise<Record<string, (...args: unknown[]) => unknown>> =>
  import(pathToFileURL(join(CLIENT_DIR, file)).href)
const [sharedModule, keptModule] = await Promise.all([load('shared-document.ts'), load('kept.ts')])

export interface Phone {
  readonly doc: Y.Doc
  readonly shared: SharedDocument
  /** What is wrong with the network for the next request. */
  network: 'good' | 'loses the request' | 'loses the answer' | 'sends twice'
  /** Requests as they were sent: a network may deliver them again, much later. */
  readonly sent: { route: string; input: unknown }[]
  /** Kills the app: what it had not stored is gone. */
  restart(): void
}

export function createPhone(cloud: UnitCloud, name: string, documentId: string): Phone {
  const storage = new Map<string, unknown>()
  const sent: Phone['sent'] = []
  const kept = () =>
    keptModule.createKept?.(
      {
        getStorageSync: (key: string) => structuredClone(storage.get(key) ?? ''),
        setStorageSync: (key: string, value: unknown) => void storage.set(key, structuredClone(value)),
      },
      documentId,
    )

  async function request(route: string, input: unknown): Promise<unknown> {
    const { network } = phone
    phone.network = 'good'
    if (network === 'loses the request') throw new Error('no network')
    if (route === 'collab/push') sent.push({ route, input })
    const call = async () => {
      const reply = await cloud.as(name).call(route, input)
      if ('error' in reply) throw Object.assign(new Error(reply.error), { error: reply.error })
      return reply.data
    }
    if (network === 'sends twice') await call()
    const reply = await call()
    if (network === 'loses the answer') throw new Error('no answer')
    return reply
  }

  function open(): { doc: Y.Doc; shared: SharedDocument } {
    const doc = new Y.Doc()
    const shared = sharedModule.openSharedDocument?.({
      Y,
      doc,
      documentId,
      kept: kept(),
      server: {
        push: (input: unknown) => request('collab/push', input),
        pull: (input: unknown) => request('collab/pull', input),
      },
      base64: {
        encode: (bytes: Uint8Array) => Buffer.from(bytes).toString('base64'),
        decode: (text: string) => new Uint8Array(Buffer.from(text, 'base64')),
      },
    })
    // The module's own type, which the other side of the import rule cannot see.
    return { doc, shared: shared as SharedDocument }
  }

  let opened = open()
  const phone: Phone = {
    get doc() {
      return opened.doc
    },
    get shared() {
      return opened.shared
    },
    network: 'good',
    sent,
    restart() {
      opened.shared.close()
      opened = open()
    },
  }
  return phone
}
