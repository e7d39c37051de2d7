import { beforeEach, describe, expect, it } from 'vitest'
import { type Desk, openDesk, typist } from '../document.fixture.ts'

const DAY_MS = 24 * 3_600_000

let desk: Desk
let documentId: string
beforeEach(async () => {
  desk = await openDesk()
  documentId = desk.documentId
})

const as = (name: string) => desk.cloud.as(name)
const id = (name: string) => desk.cloud.openid(name)
const roles = async () => {
  const { members } = await as('author1').ok<{ members: { userId: string; role: string }[] }>(
    'collab/detail',
    {
      documentId,
    },
  )
  return Object.fromEntries(members.map(({ userId, role }) => [userId, role]))
}
const invite = async (role = 'editor') =>
  (await as('author1').ok<{ code: string }>('collab/invite', { documentId, role })).code

describe('collab/create, list, rename and remove', () => {
  it('make one document of a request and its repeat, owned by the caller', async () => {
    const options = { requestId: 'request-1' }
    const first = await as('author1').ok('collab/create', { title: '纪要' }, options)
    expect(await as('author1').ok('collab/create', { title: '纪要' }, options)).toEqual(first)
    expect(await desk.cloud.collection('collab_documents').all()).toHaveLength(2)
  })

  it('list what the caller shares in, changed last first, and nothing of others', async () => {
    await as('author1').ok('collab/create', { title: '另一篇' })
    await desk.cloud.clock.advance(1_000)
    await desk.push('author1', 1, typist().type('a'))
    const { items } = await as('author1').ok<{ items: object[] }>('collab/list')
    expect(desk.cloud.databaseCalls()).toBe(1)
    expect(items).toMatchObject([
      { documentId, title: '周会', role: 'owner', members: 1, lastSeq: 1 },
      { title: '另一篇' },
    ])
    expect(await as('buyer1').ok('collab/list')).toEqual({ items: [], nextCursor: null })
  })

  it('let editors rename and the owner remove, after which it exists for nobody', async () => {
    await desk.join('buyer1', 'editor')
    await desk.join('buyer2', 'viewer')
    await as('buyer1').ok('collab/rename', { documentId, title: '例会' })
    expect(await as('buyer2').refused('collab/rename', { documentId, title: '别的' })).toBe('FORBIDDEN')
    expect(await as('guest').refused('collab/rename', { documentId, title: '别的' })).toBe('NOT_FOUND')
    expect(await as('buyer1').refused('collab/remove', { documentId })).toBe('FORBIDDEN')
    const code = await invite()
    await as('author1').ok('collab/remove', { documentId })
    for (const name of ['author1', 'buyer1']) {
      expect(await as(name).refused('collab/detail', { documentId })).toBe('NOT_FOUND')
    }
    expect(await as('guest').refused('collab/join', { code })).toBe('COLLAB_INVITE')
  })
})

describe('collab/invite and join', () => {
  it('bring somebody in with the role of the invitation; again, it changes nothing', async () => {
    const code = await invite('viewer')
    expect(await as('buyer1').ok('collab/join', { code })).toMatchObject({ documentId, role: 'viewer' })
    expect(await as('buyer1').ok('collab/join', { code })).toMatchObject({ role: 'viewer' })
    expect(await as('author1').ok('collab/join', { code })).toMatchObject({ role: 'owner' })
    expect(await roles()).toEqual({ [id('author1')]: 'owner', [id('buyer1')]: 'viewer' })
    expect(JSON.stringify(await desk.cloud.collection('collab_documents').all())).not.toContain(
      code.split('.')[1],
    )
  })

  it('refuse a code that is wrong, of another document, or a week old', async () => {
    const code = await invite()
    const wrong = `${documentId}.${'x'.repeat(24)}`
    expect(await as('buyer1').refused('collab/join', { code: wrong })).toBe('COLLAB_INVITE')
    const other = `doc_none1234.${code.split('.')[1]}`
    expect(await as('buyer1').refused('collab/join', { code: other })).toBe('COLLAB_INVITE')
    await desk.cloud.clock.advance(7 * DAY_MS)
    expect(await as('buyer1').refused('collab/join', { code })).toBe('COLLAB_INVITE')
    await desk.join('buyer1', 'editor')
    expect(await as('buyer1').refused('collab/invite', { documentId, role: 'editor' })).toBe('FORBIDDEN')
  })

  it('let everybody in who joins at the same moment', async () => {
    const code = await invite()
    const names = ['buyer1', 'buyer2', 'manager1', 'guest']
    await Promise.all(names.map((name) => as(name).ok('collab/join', { code })))
    expect(Object.keys(await roles())).toHaveLength(5)
  })

  it('end with a hundred members', async () => {
    const members = Array.from({ length: 100 }, (_, at) => ({
      userId: at === 0 ? id('author1') : `o${at}`,
      role: at === 0 ? 'owner' : 'viewer',
      joinedAtMs: 1,
    }))
    await desk.cloud
      .collection('collab_documents')
      .set(documentId, { members, memberIds: members.map(({ userId }) => userId) })
    expect(await as('buyer1').refused('collab/join', { code: await invite() })).toBe('COLLAB_LIMIT')
  })
})

describe('collab/setMember and removeMember', () => {
  it('change roles, and pass the document on', async () => {
    await desk.join('buyer1', 'viewer')
    const set = (name: string, role: string, by = 'author1') =>
      as(by).call('collab/setMember', { documentId, userId: id(name), role })
    expect(await set('buyer1', 'editor')).toMatchObject({ code: 0 })
    expect(await set('buyer1', 'owner')).toMatchObject({ code: 0 })
    expect(await roles()).toEqual({ [id('author1')]: 'editor', [id('buyer1')]: 'owner' })
    expect(await set('buyer1', 'viewer')).toMatchObject({ error: 'FORBIDDEN' })
    expect(await set('buyer1', 'viewer', 'buyer1')).toMatchObject({ error: 'COLLAB_OWNER' })
    expect(await set('guest', 'viewer', 'buyer1')).toMatchObject({ error: 'NOT_FOUND' })
  })

  it('let a member leave, the owner send others away, and nobody send the owner away', async () => {
    await desk.join('buyer1', 'editor')
    await desk.join('buyer2', 'editor')
    const remove = (name: string, by: string) =>
      as(by).call('collab/removeMember', { documentId, userId: id(name) })
    expect(await remove('buyer2', 'buyer1')).toMatchObject({ error: 'FORBIDDEN' })
    expect(await remove('author1', 'buyer1')).toMatchObject({ error: 'FORBIDDEN' })
    expect(await remove('author1', 'author1')).toMatchObject({ error: 'COLLAB_OWNER' })
    expect(await remove('buyer1', 'buyer1')).toMatchObject({ data: { members: 2 } })
    expect(await remove('buyer2', 'author1')).toMatchObject({ data: { members: 1 } })
    expect(await as('buyer2').refused('collab/pull', { documentId, since: 0 })).toBe('NOT_FOUND')
  })
})

describe('an invitation', () => {
  it.each([
    ['was sent away', 'collab/removeMember', {}],
    ['may do less', 'collab/setMember', { role: 'viewer' }],
  ])('brings nobody back who %s', async (_what, route, more) => {
    const code = await invite()
    await as('buyer1').ok('collab/join', { code })
    await as('author1').ok(route, { documentId, userId: id('buyer1'), ...more })
    await as('buyer1').call('collab/removeMember', { documentId, userId: id('buyer1') })
    expect(await as('buyer1').refused('collab/join', { code })).toBe('COLLAB_INVITE')
    expect(await as('buyer1').refused('collab/detail', { documentId })).toBe('NOT_FOUND')
    expect(await as('buyer1').ok('collab/join', { code: await invite() })).toMatchObject({ role: 'editor' })
  })

  it('stays when a member leaves, may do more, or the document is passed on', async () => {
    const code = await invite('viewer')
    await as('buyer1').ok('collab/join', { code })
    await as('buyer1').ok('collab/removeMember', { documentId, userId: id('buyer1') })
    await as('buyer1').ok('collab/join', { code })
    await as('author1').ok('collab/setMember', { documentId, userId: id('buyer1'), role: 'owner' })
    expect(await as('buyer2').ok('collab/join', { code })).toMatchObject({ role: 'viewer' })
  })
})

describe('a user who is deleted', () => {
  it('leaves every document; an owner is followed by the editor who joined first', async () => {
    await desk.join('buyer1', 'viewer')
    await desk.join('buyer2', 'editor')
    const { documentId: alone } = await as('author1').ok<{ documentId: string }>('collab/create', {
      title: '自己的',
    })
    await as('author1').ok('collab/saveVersion', { documentId, name: '初稿' })
    await as('author1').ok('collab/present', { documentId, clientId: 'client-1', state: '{}' })
    await as('author1').ok('user/login')
    await as('author1').ok('user/deleteAccount', { confirm: true })
    const documents = desk.cloud.collection('collab_documents')
    expect(await documents.get(documentId)).toMatchObject({
      members: [{ userId: id('buyer1') }, { userId: id('buyer2'), role: 'owner' }],
    })
    expect(await documents.get(alone)).toMatchObject({ members: [], removedAtMs: desk.cloud.clock.nowMs() })
    for (const name of ['documents', 'updates', 'parts', 'versions', 'presence']) {
      const left = JSON.stringify(await desk.cloud.collection(`collab_${name}`).all())
      expect([name, left.includes(id('author1'))]).toEqual([name, false])
    }
  })
})
