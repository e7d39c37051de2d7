/** Two people write one document: the mini program's own client, `watch` through the client shim, the real SDK. */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import * as Y from 'yjs'
import { STUB_DIR } from '../stub/phone.ts'
import { type LiveCloud, liveCloud } from '../support/live.ts'
import { loadWxCloud, type WxCloud } from './wx-cloud.ts'

/** `miniprogram-stub/collab`, as far as this story uses it. */
interface Live {
  soon(): void
  wake(): void
  show(state: string): Promise<void>
  close(): Promise<void>
}
type Module = Record<string, (...args: unknown[]) => unknown>
const load = (file: string): Promise<Module> => import(pathToFileURL(join(STUB_DIR, 'collab', file)).href)

interface Phone {
  doc: Y.Doc
  text(): string
  others: { userId: string; state: string }[]
  errors: unknown[]
  isOffline: boolean
  pulls: number
  watches: number
  live: Live
}

let cloud: LiveCloud
let documentId: string
const phones: Phone[] = []

beforeAll(async () => {
  Object.assign(globalThis, { WebSocket })
  // The realtime client tells the console about everything it does.
  for (const method of ['log', 'warn', 'error'] as const) vi.spyOn(console, method).mockReturnValue()
  cloud = await liveCloud()
  for (const name of ['author1', 'buyer1', 'buyer2']) await cloud.as(name).ok('user/login')
  documentId = (await cloud.as('author1').ok<{ documentId: string }>('collab/create', { title: '周会' }))
    .documentId
  const { code } = await cloud
    .as('author1')
    .ok<{ code: string }>('collab/invite', { documentId, role: 'editor' })
  await cloud.as('buyer1').ok('collab/join', { code })
})

afterAll(async () => {
  for (const { live } of phones) await live.close()
  await cloud.stop()
})

async function openPhone(name: string, storage = new Map<string, unknown>()): Promise<Phone> {
  const [shared, kept, live, wx] = await Promise.all([
    load('shared-document.ts'),
    load('kept.ts'),
    load('live.ts'),
    loadWxCloud(cloud.emulator.url, name),
  ])
  const doc = new Y.Doc()
  const call = async (route: string, input: unknown) => {
    if (phone.isOffline) throw new Error('no network')
    return cloud.as(name).ok(`collab/${route}`, input)
  }
  const document = shared.openSharedDocument?.({
    Y,
    doc,
    documentId,
    kept: kept.createKept?.(
      {
        getStorageSync: (key: string) => storage.get(key) ?? '',
        setStorageSync: (key: string, value: unknown) => void storage.set(key, structuredClone(value)),
      },
      documentId,
    ),
    server: {
      push: (input: unknown) => call('push', input),
      pull(input: unknown) {
        phone.pulls += 1
        return call('pull', input)
      },
    },
    base64: {
      encode: (bytes: Uint8Array) => Buffer.from(bytes).toString('base64'),
      decode: (text: string) => new Uint8Array(Buffer.from(text, 'base64')),
    },
    onEdit: () => phone.live.soon(),
  })
  const phone: Phone = {
    doc,
    text: () => doc.getText('body').toString(),
    others: [],
    errors: [],
    isOffline: false,
    pulls: 0,
    watches: 0,
    live: live.goLive?.({
      shared: document,
      documentId,
      server: {
        present: (input: unknown) => call('present', input),
        absent: (input: unknown) => call('absent', input),
      },
      watch(since: number, onUpdates: (docs: object[]) => void, onEnd: () => void) {
        phone.watches += 1
        return watchUpdates(wx, since, onUpdates, onEnd)
      },
      onOthers: (others: Phone['others']) => void phone.others.splice(0, phone.others.length, ...others),
      onError: (error: unknown) => void phone.errors.push(error),
      after(ms: number, run: () => void) {
        const timer = setTimeout(run, ms / 10)
        return () => clearTimeout(timer)
      },
    }) as Live, // The module's own type; the story loads it as DevTools would, by its path.
  }
  phones.push(phone)
  return phone
}

function watchUpdates(
  wx: WxCloud,
  since: number,
  onUpdates: (docs: object[]) => void,
  onEnd: (error: unknown) => void,
) {
  const database = wx.database()
  return database
    .collection('collab_updates')
    .where({ documentId, seq: database.command.gt(since) })
    .watch({ onChange: ({ docs }) => onUpdates(docs), onError: onEnd })
}

const type = (phone: Phone, words: string) => phone.doc.getText('body').insert(phone.text().length, words)
const compact = () => cloud.as('admin').ok('scheduler/run', { job: 'collab-compaction' })

describe('two people with one document', () => {
  it('see what the other writes, by watch and without asking', async () => {
    const [a, b] = [await openPhone('author1'), await openPhone('buyer1')]
    await expect.poll(() => a.watches + b.watches).toBe(2)
    type(a, '议题一；')
    await expect.poll(b.text).toBe('议题一；')
    const pullsBefore = b.pulls
    type(a, '议题二；')
    await expect.poll(b.text).toBe('议题一；议题二；')
    expect(b.pulls).toBe(pullsBefore)
    type(b, '同意。')
    await expect.poll(a.text).toBe('议题一；议题二；同意。')
    expect([...a.errors, ...b.errors]).toEqual([])
  })

  it('write on without a network, and find together again, also across a snapshot', async () => {
    const [a, b] = phones as [Phone, Phone]
    b.isOffline = true
    type(b, '（离线写的）')
    await expect.poll(() => b.errors.length).toBeGreaterThan(0)
    for (let line = 1; line <= 25; line++) {
      await cloud.as('author1').ok('collab/push', {
        documentId,
        clientId: 'another-device',
        clock: line,
        update: lineOf(line),
      })
    }
    await compact()
    expect(await cloud.collection('collab_updates').all()).toEqual([])
    type(a, '继续。')
    b.isOffline = false
    b.live.wake()
    await expect.poll(() => b.text() === a.text() && b.text().includes('（离线写的）')).toBe(true)
    await expect.poll(() => b.doc.getArray('lines').length).toBe(25)
    expect(a.text()).toContain('继续。')
  })

  it('see each other’s cursors, and that somebody has gone', async () => {
    const [a, b] = phones as [Phone, Phone]
    await b.live.show('{"cursor":3}')
    await a.live.show('{"cursor":1}')
    await expect
      .poll(() => a.others)
      .toMatchObject([{ userId: cloud.openid('buyer1'), state: '{"cursor":3}' }])
    await b.live.close()
    await a.live.show('{"cursor":2}')
    await expect.poll(() => a.others).toEqual([])
  })

  it('go back to a version, with the edits of whoever was away', async () => {
    const a = phones[0] as Phone
    const named = a.text()
    const { versionId } = await cloud
      .as('author1')
      .ok<{ versionId: string }>('collab/saveVersion', { documentId, name: '定稿' })
    a.doc.getText('body').delete(0, 4)
    type(a, '写坏了')
    await expect.poll(async () => (await openText('buyer1')).endsWith('写坏了')).toBe(true)
    expect(await cloud.as('buyer1').ok('collab/restore', { documentId, versionId })).toMatchObject({
      changed: true,
    })
    await expect.poll(a.text).toBe(named)
    expect(await openText('buyer1')).toBe(named)
  })

  it('are alone: a stranger may neither watch, read nor write', async () => {
    const wx = await loadWxCloud(cloud.emulator.url, 'buyer2')
    const refused = await new Promise((resolve) => {
      watchUpdates(wx, 0, () => resolve('seen'), resolve)
    })
    expect(refused).toMatchObject({ errCode: -502003 })
    await expect(
      wx.database().collection('collab_updates').where({ documentId }).get(),
    ).rejects.toMatchObject({
      errCode: -502003,
    })
    expect(await cloud.as('buyer2').refused('collab/pull', { documentId, since: 0 })).toBe('NOT_FOUND')
    await cloud.as('author1').ok('collab/removeMember', { documentId, userId: cloud.openid('buyer1') })
    expect(await cloud.as('buyer1').refused('collab/pull', { documentId, since: 0 })).toBe('NOT_FOUND')
  })

  it('leave nothing behind when the document is removed', async () => {
    await cloud.as('author1').ok('collab/remove', { documentId })
    expect(await cloud.as('author1').refused('collab/detail', { documentId })).toBe('NOT_FOUND')
    // Moving the clock by a week would run the scheduler ten thousand times.
    await cloud.collection('collab_documents').set(documentId, { removedAtMs: 0 })
    await cloud.as('admin').ok('scheduler/run', { job: 'cleaning' })
    for (const name of ['documents', 'updates', 'parts', 'versions', 'presence']) {
      expect([name, await cloud.collection(`collab_${name}`).all()]).toEqual([name, []])
    }
  })
})

/** What somebody reads who opens the document now. */
async function openText(name: string): Promise<string> {
  const doc = new Y.Doc()
  for (let since = 0; ; ) {
    const pulled = await cloud.as(name).ok<{
      data?: string
      updates?: { update: string }[]
      seq: number
      lastSeq: number
    }>('collab/pull', { documentId, since })
    for (const text of [pulled.data ?? '', ...(pulled.updates ?? []).map(({ update }) => update)]) {
      if (text !== '') Y.applyUpdate(doc, Buffer.from(text, 'base64'))
    }
    since = pulled.seq
    if (since === pulled.lastSeq) return doc.getText('body').toString()
  }
}

const lines = new Y.Doc()
function lineOf(line: number): string {
  const before = Y.encodeStateVector(lines)
  lines.getArray('lines').push([line])
  return Buffer.from(Y.encodeStateAsUpdate(lines, before)).toString('base64')
}
