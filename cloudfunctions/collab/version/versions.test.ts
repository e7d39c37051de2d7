import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { bodyOf, type Desk, openDesk, typist } from '../document.fixture.ts'
import { reverting } from '../log/yjs.ts'

let desk: Desk
let documentId: string
let author: ReturnType<typeof typist>
beforeEach(async () => {
  desk = await openDesk()
  documentId = desk.documentId
  author = typist()
  await desk.push('author1', 1, author.type('初稿'))
})

const as = (name: string) => desk.cloud.as(name)
const save = (options?: { requestId: string }) =>
  as('author1').ok<{ versionId: string; seq: number }>(
    'collab/saveVersion',
    { documentId, name: '一' },
    options,
  )

describe('a version', () => {
  it('keeps the document as it was, once for a request and its repeat', async () => {
    const first = await save({ requestId: 'request-1' })
    expect(first.seq).toBe(1)
    await desk.push('author1', 2, author.type('，改过'))
    expect(await save({ requestId: 'request-1' })).toEqual(first)
    const { items } = await as('author1').ok<{ items: object[] }>('collab/versions', { documentId })
    expect(items).toMatchObject([
      { versionId: first.versionId, name: '一', savedBy: desk.cloud.openid('author1') },
    ])
    const { data } = await as('author1').ok<{ data: string }>('collab/readVersion', {
      documentId,
      ...first,
      seq: undefined,
    })
    const doc = new Y.Doc()
    Y.applyUpdate(doc, Buffer.from(data, 'base64'))
    expect(bodyOf(doc)).toBe('初稿')
  })

  it('is returned to by one more update, also after a compaction; a second time changes nothing', async () => {
    const { versionId } = await save()
    await desk.push('author1', 2, author.type('，改过'))
    await desk.compact()
    const restore = (requestId: string) =>
      as('author1').ok('collab/restore', { documentId, versionId }, { requestId })
    expect(await restore('request-1')).toEqual({ seq: 3, changed: true })
    expect(await restore('request-1')).toEqual({ seq: 3, changed: true })
    expect(bodyOf(await desk.open('author1'))).toBe('初稿')
    await desk.join('buyer1', 'editor')
    await desk.push('buyer1', 1, typist().type('新'))
    expect(bodyOf(await desk.open('author1')).length).toBe(3)
  })

  it('is for members: editors save and restore, viewers look', async () => {
    const { versionId } = await save()
    await desk.join('buyer1', 'viewer')
    const input = { documentId, versionId }
    await as('buyer1').ok('collab/versions', { documentId })
    await as('buyer1').ok('collab/readVersion', input)
    expect(await as('buyer1').refused('collab/restore', input)).toBe('FORBIDDEN')
    expect(await as('buyer1').refused('collab/saveVersion', { documentId, name: '二' })).toBe('FORBIDDEN')
    for (const route of ['restore', 'readVersion']) {
      expect(await as('guest').refused(`collab/${route}`, input)).toBe('NOT_FOUND')
      const missing = { documentId, versionId: 'ver_none' }
      expect(await as('author1').refused(`collab/${route}`, missing)).toBe('NOT_FOUND')
    }
  })

  it('of another document is not found', async () => {
    const { versionId } = await save()
    const other = await as('author1').ok<{ documentId: string }>('collab/create', { title: '另一篇' })
    for (const route of ['restore', 'readVersion']) {
      expect(await as('author1').refused(`collab/${route}`, { ...other, versionId })).toBe('NOT_FOUND')
    }
  })

  it('is one of fifty at most', async () => {
    const { versionId } = await save()
    const versions = desk.cloud.collection('collab_versions')
    const one = await versions.get(versionId)
    await versions.insert(...Array.from({ length: 49 }, (_, at) => ({ ...one, _id: `ver_${at}` })))
    expect(await as('author1').refused('collab/saveVersion', { documentId, name: '五十一' })).toBe(
      'COLLAB_LIMIT',
    )
  })
})

describe('reverting', () => {
  const edit = fc.record({
    kind: fc.constantFrom('insert', 'delete', 'set', 'unset', 'push', 'drop'),
    at: fc.nat(99),
  })
  type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never

  function apply(doc: Y.Doc, edits: Edit[]): void {
    const [body, fields, list] = [doc.getText('body'), doc.getMap('fields'), doc.getArray('list')]
    for (const { kind, at } of edits) {
      if (kind === 'insert') body.insert(at % (body.length + 1), `<${at}>`)
      if (kind === 'delete' && body.length > 0) body.delete(at % body.length, 1)
      if (kind === 'set') fields.set(`f${at % 4}`, at)
      if (kind === 'unset') fields.delete(`f${at % 4}`)
      if (kind === 'push') list.insert(at % (list.length + 1), [at])
      if (kind === 'drop' && list.length > 0) list.delete(at % list.length, 1)
    }
  }
  const contentOf = (doc: Y.Doc) => [
    bodyOf(doc),
    doc.getMap('fields').toJSON(),
    doc.getArray('list').toJSON(),
  ]

  it('makes any document what it was, whatever has been done to it since', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(edit), fc.array(edit), async (before, since) => {
        const doc = new Y.Doc()
        apply(doc, before)
        const [former, expected] = [Y.encodeStateAsUpdate(doc), contentOf(doc)]
        apply(doc, since)
        const update = await reverting(Y.encodeStateAsUpdate(doc), former)
        if (update) Y.applyUpdate(doc, update)
        expect(contentOf(doc)).toEqual(expected)
      }),
      { numRuns: 200, seed: 3 },
    )
  })
})
