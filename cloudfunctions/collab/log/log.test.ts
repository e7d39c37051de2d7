import { beforeEach, describe, expect, it } from 'vitest'
import { base64, bodyOf, CLIENT, type Desk, openDesk, typist } from '../document.fixture.ts'

let desk: Desk
beforeEach(async () => {
  desk = await openDesk()
})

/** In order of their numbers. */
const stored = async () =>
  (await desk.cloud.collection('collab_updates').all()).sort((a, b) => Number(a.seq) - Number(b.seq))

describe('collab/push', () => {
  it('numbers updates without a gap, whoever sends them, in five database requests', async () => {
    await desk.join('buyer1', 'editor')
    const [a, b] = [typist(), typist()]
    expect(await desk.push('author1', 1, a.type('a'))).toEqual({ seq: 1, repeated: false })
    expect(await desk.push('buyer1', 1, b.type('b'))).toEqual({ seq: 2, repeated: false })
    expect(await desk.push('author1', 2, a.type('c'))).toEqual({ seq: 3, repeated: false })
    expect(desk.cloud.databaseCalls()).toBe(5)
    expect((await stored()).map(({ seq }) => seq)).toEqual([1, 2, 3])
  })

  it('knows an update that comes again, also later and also after a compaction', async () => {
    const { type } = typist()
    const [first, second] = [type('a'), type('b')]
    await desk.push('author1', 1, first)
    expect(await desk.push('author1', 1, first)).toEqual({ seq: 1, repeated: true })
    await desk.push('author1', 2, second)
    expect(await desk.push('author1', 1, first)).toEqual({ seq: null, repeated: true })
    for (let clock = 3; clock <= 64; clock++) await desk.push('author1', clock, type('x'))
    expect(await stored()).toEqual([])
    expect(await desk.push('author1', 2, second)).toEqual({ seq: null, repeated: true })
    expect(await desk.cloud.collection('collab_documents').get(desk.documentId)).toMatchObject({
      lastSeq: 64,
    })
  })

  it('finds an update whose client the document has forgotten', async () => {
    const update = typist().type('a')
    await desk.push('author1', 1, update)
    const documents = desk.cloud.collection('collab_documents')
    await documents.set(desk.documentId, { writers: [] })
    expect(await desk.push('author1', 1, update)).toEqual({ seq: null, repeated: true })
    expect(await stored()).toHaveLength(1)
  })

  it('never takes another update for it, which would be lost', async () => {
    const { type } = typist()
    await desk.push('author1', 1, type('a'))
    await desk.cloud.collection('collab_documents').set(desk.documentId, { writers: [] })
    const input = { documentId: desk.documentId, clientId: CLIENT, clock: 1, update: base64(type('b')) }
    expect(await desk.cloud.as('author1').refused('collab/push', input)).toBe('COLLAB_CLOCK')
  })

  it('stores each update once when the answer was lost or WeChat calls twice at the same time', async () => {
    const { type } = typist()
    const update = type('a')
    desk.cloud.fail('database.commitTransaction', { code: 'DATABASE_TIMEOUT', replyLost: true })
    const send = () =>
      desk.cloud.as('author1').call('collab/push', {
        documentId: desk.documentId,
        clientId: CLIENT,
        clock: 1,
        update: base64(update),
      })
    await send()
    const replies = await Promise.all([send(), send()])
    expect(replies).toMatchObject([{ data: { repeated: true } }, { data: { repeated: true } }])
    expect(await stored()).toHaveLength(1)
  })

  it('keeps every update of five people who write at the same moment', async () => {
    const names = ['buyer1', 'buyer2', 'manager1', 'guest']
    for (const name of names) await desk.join(name, 'editor')
    await Promise.all(
      ['author1', ...names].map(async (name) => {
        const { type } = typist()
        for (let clock = 1; clock <= 4; clock++) await desk.push(name, clock, type(`${name}${clock} `))
      }),
    )
    expect((await stored()).map(({ seq }) => seq)).toEqual(Array.from({ length: 20 }, (_, at) => at + 1))
    const words = bodyOf(await desk.open('author1'))
      .trim()
      .split(' ')
    expect(words).toHaveLength(20)
  })

  const push = (name: string, input: object = {}) =>
    desk.cloud.as(name).refused('collab/push', {
      documentId: desk.documentId,
      clientId: CLIENT,
      clock: 1,
      update: base64(typist().type('a')),
      ...input,
    })

  it('refuses strangers, viewers, and bytes that are not an update', async () => {
    await desk.join('buyer1', 'viewer')
    expect(await push('buyer1')).toBe('FORBIDDEN')
    expect(await push('buyer2')).toBe('NOT_FOUND')
    expect(await push('author1', { documentId: 'doc_none' })).toBe('NOT_FOUND')
    expect(await push('author1', { update: 'CQkJCQ==' })).toBe('COLLAB_UPDATE_INVALID')
    expect(await push('author1', { update: 'not base64!' })).toBe('INVALID_INPUT')
    expect(await stored()).toEqual([])
  })

  it('refuses an update that leaves out another, and another one under the same number', async () => {
    const { type } = typist()
    await desk.push('author1', 1, type('a'))
    expect(await push('author1', { clock: 3 })).toBe('COLLAB_CLOCK')
    expect(await push('author1', { clock: 1, update: base64(type('other')) })).toBe('COLLAB_CLOCK')
    expect(await stored()).toHaveLength(1)
  })

  it('refuses what would make the document too large', async () => {
    const documents = desk.cloud.collection('collab_documents')
    await documents.set(desk.documentId, { snapshotBytes: 2_000_000 })
    expect(await push('author1')).toBe('COLLAB_TOO_LARGE')
  })
})

describe('collab/pull', () => {
  it('gives what came after the number that the client names, in two requests at most', async () => {
    const { type } = typist()
    for (const [at, word] of ['a', 'b', 'c'].entries()) await desk.push('author1', at + 1, type(word))
    const pulled = await desk.pull('author1', 1)
    expect(pulled).toMatchObject({ kind: 'updates', seq: 3, lastSeq: 3, updates: [{ seq: 2 }, { seq: 3 }] })
    expect(desk.cloud.databaseCalls()).toBe(2)
    expect(await desk.pull('author1', 3)).toEqual({ kind: 'updates', updates: [], seq: 3, lastSeq: 3 })
    expect(desk.cloud.databaseCalls()).toBe(1)
  })

  it('never skips: a gap that a compaction tears between its two reads makes it read again', async () => {
    const { type } = typist()
    for (let clock = 1; clock <= 3; clock++) await desk.push('author1', clock, type('x'))
    // As if the records had just been taken away and the document not yet read again.
    await desk.cloud.collection('collab_updates').remove(String((await stored())[0]?._id))
    expect(
      await desk.cloud.as('author1').refused('collab/pull', { documentId: desk.documentId, since: 0 }),
    ).toBe('BUSY')
  })

  it('lets a client that is ahead of the log begin anew', async () => {
    await desk.push('author1', 1, typist().type('a'))
    expect(await desk.pull('author1', 99)).toEqual({ kind: 'updates', updates: [], seq: 0, lastSeq: 1 })
  })

  it('gives a document that is larger than a record in parts', async () => {
    const { type, doc } = typist()
    for (let clock = 1; clock <= 64; clock++) await desk.push('author1', clock, type('字'.repeat(4_000)))
    const pulled = await desk.pull('author1', 0)
    expect(pulled).toMatchObject({ kind: 'snapshot', part: 0, parts: 3, seq: 64 })
    expect(bodyOf(await desk.open('author1'))).toBe(bodyOf(doc))
    const beyond = { documentId: desk.documentId, since: 0, snapshot: { id: pulled.snapshotId, part: 3 } }
    expect(await desk.cloud.as('author1').refused('collab/pull', beyond)).toBe('NOT_FOUND')
  })

  it('keeps a reply below what reaches a mini program', async () => {
    const { type, doc } = typist()
    for (let clock = 1; clock <= 5; clock++) await desk.push('author1', clock, type('x'.repeat(170_000)))
    const pulled = await desk.pull('author1', 0)
    expect(JSON.stringify(pulled).length).toBeLessThan(1_000_000)
    expect(pulled.seq).toBeLessThan(5)
    expect(bodyOf(await desk.open('author1'))).toBe(bodyOf(doc))
  })

  it('is for members', async () => {
    await desk.join('buyer1', 'viewer')
    expect((await desk.pull('buyer1', 0)).lastSeq).toBe(0)
    const input = { documentId: desk.documentId, since: 0 }
    expect(await desk.cloud.as('buyer2').refused('collab/pull', input)).toBe('NOT_FOUND')
  })
})
