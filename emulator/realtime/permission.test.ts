import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startTestCloud } from '../testing/project.ts'
import { webClient } from '../web/web.fixture.ts'
import {
  closeClients,
  connectSdk,
  cutConnections,
  quietenClients,
  type Watched,
} from './sdk-client.fixture.ts'

quietenClients()

const rule = (read: boolean | string) => ({ permission: 'CUSTOM', rule: { read, write: false } })
const member = "auth.openid in get('database.rooms.r').members"

let cloud: Awaited<ReturnType<typeof startTestCloud>>

beforeEach(async () => {
  cloud = await startTestCloud({
    'database-rules/rooms.json': rule('doc.open == true'),
    'database-rules/messages.json': rule(member),
    'database-rules/news.json': rule(true),
  })
  await write('insertDocument', 'rooms', {
    data: [text({ _id: 'r', open: true, text: 'hello', members: [] })],
  })
})

afterEach(async () => {
  closeClients()
  await cloud[Symbol.asyncDispose]()
})

const text = (value: unknown) => JSON.stringify(value)
const write = (action: string, collectionName: string, body: Record<string, unknown>) =>
  cloud.database.handle(`database.${action}`, { collectionName, ...body }, {})
const update = (collection: string, id: string, change: Record<string, unknown>) =>
  write('modifyDocument', collection, {
    query: text({ _id: id }),
    data: text({ $set: change }),
    merge: true,
    multi: true,
  })
const socketUrl = () => cloud.url.replace('http', 'ws')
const connect = (user: string) => connectSdk(`${socketUrl()}/client/watch?user=${user}`)
const denied = { msgData: { code: 'COLLECTION_PERMISSION_DENIED' } }
const told = (watched: Watched) => JSON.stringify(watched.snapshots)

describe('a watch of one document', () => {
  it('ends when the rule forbids the document, which nobody is told of any more', async () => {
    const eve = connect('eve').watch('rooms', { _id: 'r' })
    await eve.snapshot(1)
    await update('rooms', 'r', { text: 'still open' })
    expect((await eve.snapshot(2)).docs).toMatchObject([{ text: 'still open' }])
    // What was secret in between stays so, though the document may be read again by now.
    await update('rooms', 'r', { open: false, text: 'secret' })
    await update('rooms', 'r', { open: true, text: 'open again' })
    expect(await eve.error()).toMatchObject(denied)
    expect(told(eve)).not.toContain('secret')
  })

  it('does not tell what a client missed while it was forbidden', async () => {
    const client = connect('eve')
    const eve = client.watch('rooms', { _id: 'r' })
    await eve.snapshot(1)
    await client.isActive()
    await cutConnections()
    await update('rooms', 'r', { open: false, text: 'secret' })
    await update('rooms', 'r', { open: true, text: 'open again' })
    await eve.until(({ last }) => last.docs[0]?.text === 'open again')
    expect(told(eve)).not.toContain('secret')
  })
})

describe('a watch whose rule reads other documents', () => {
  it('ends when they forbid it', async () => {
    const { openid } = cloud.users.identityOf('eve') ?? {}
    await update('rooms', 'r', { members: [openid] })
    const eve = connect('eve').watch('messages')
    await eve.snapshot(1)
    await write('insertDocument', 'messages', { data: [text({ _id: 'm1' })] })
    expect((await eve.snapshot(2)).docs).toEqual([{ _id: 'm1' }])
    await update('rooms', 'r', { members: [] })
    await write('insertDocument', 'messages', { data: [text({ _id: 'm2' })] })
    expect(await eve.error()).toMatchObject(denied)
    expect(told(eve)).not.toContain('m2')
  })
})

describe('rules that change', () => {
  it('end the watches that they forbid; the others go on, and see what they may now', async () => {
    const client = connect('eve')
    await write('insertDocument', 'news', { data: [text({ _id: 'n1' })] })
    const forbidden = client.watch('rooms', { open: true })
    const narrowed = client.watch('news')
    const other = client.watch('rooms', { _id: 'r' })
    await Promise.all([forbidden, narrowed, other].map((watched) => watched.snapshot(1)))
    await client.isActive()
    cloud.write('database-rules/news.json', { permission: 'PRIVATE' })
    cloud.write('database-rules/rooms.json', rule("doc._id == 'r' && doc.text != 'secret'"))
    expect(await forbidden.error()).toMatchObject(denied)
    expect((await narrowed.until(({ last }) => last.docs.length === 0)).docs).toEqual([])
    const { openid } = cloud.users.identityOf('eve') ?? {}
    await write('insertDocument', 'news', {
      data: [text({ _id: 'n2' }), text({ _id: 'n3', _openid: openid })],
    })
    expect((await narrowed.until(({ last }) => last.docs.length > 0)).docs).toEqual([
      { _id: 'n3', _openid: openid },
    ])
    await update('rooms', 'r', { text: 'new words' })
    expect((await other.until(({ last }) => last.docs[0]?.text === 'new words')).docs).toHaveLength(1)
  })
})

describe('a web login that ends', () => {
  it('ends its watches, and those of no other login', async () => {
    const web = webClient(cloud.url)
    const [mine, others] = [await web.signIn('device-1'), await web.signIn('device-2')]
    const watch = ({ access_token }: Record<string, string>) =>
      connectSdk(`${socketUrl()}/web/ws`, { signStr: access_token }).watch('news')
    const [ended, going] = [watch(mine), watch(others)]
    await Promise.all([ended.snapshot(1), going.snapshot(1)])
    await web.send('POST', '/auth/v1/user/signout', {}, web.as(mine))
    expect(await ended.error()).toMatchObject({ msgData: { code: 'CHECK_LOGIN_FAILED' } })
    await write('insertDocument', 'news', { data: [text({ _id: 'n1' })] })
    expect((await going.snapshot(2)).docs).toEqual([{ _id: 'n1' }])
    expect(ended.snapshots).toHaveLength(1)
  })
})
