import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { openPage, type Phone } from './phone.ts'
import { copyProject, type Stranger, startStranger } from './stranger.ts'

/** `miniprogram/pages/room/room.js`, as far as it is looked at here. */
interface Room {
  memberId: string
  data: { messages: Message[]; members: string[]; tip: string; photo?: string; connected: boolean }
}
interface Message {
  _id: string
  _openid: string
  content?: string
  recalled?: boolean
}

/** A chat whose page watches the messages: wx-server-sdk of today, and the mini program's own code unchanged. */
describe('the chat with watch', () => {
  let stranger: Stranger
  let li: Phone<Room>
  let wang: Phone<Room>
  let script: string
  const shown = ({ page }: Phone<Room>) =>
    page.data.messages.map(({ content, recalled }) => (recalled ? '(recalled)' : content))
  const send = (phone: Phone<Room>, content: string) =>
    phone.act(`new Promise((done) => page.onSend(${JSON.stringify(content)}, done))`)

  async function open(user: string, nickName: string): Promise<Phone<Room>> {
    const code = readFileSync(join(stranger.dir, 'miniprogram/pages/room/room.js'), 'utf8')
    const phone = openPage<Room>(code, script, { url: stranger.emulator.url, user })
    await phone.act(`page.onLoad({ roomId: 'hall', nickName: '${nickName}' })`)
    expect(phone.page.data.tip).toBe('')
    await vi.waitFor(() => expect(phone.page.data.connected).toBe(true))
    return phone
  }

  beforeAll(async () => {
    stranger = await startStranger(copyProject('chat'))
    script = await (await fetch(`${stranger.emulator.url}/client/wx-cloud.js`)).text()
    li = await open('li', 'Li')
    wang = await open('wang', 'Wang')
  })
  afterAll(async () => {
    for (const phone of [li, wang]) await phone.act('page.onUnload()')
    await stranger[Symbol.asyncDispose]()
  })

  it('knows who is in the room, by reads of the phone itself', async () => {
    expect(wang.page.data.members).toEqual(['Li', 'Wang'])
    await li.act('page.loadMembers()')
    expect(li.page.data.members).toEqual(['Li', 'Wang'])
  })

  it('lets only oneself be renamed, by the rules', async () => {
    const [mine, theirs] = [li.page.memberId, wang.page.memberId].map((id) => JSON.stringify(id))
    expect(await li.act(`page.rename(${mine}, 'Li 2')`)).toBe(1)
    expect(await li.act(`page.rename(${theirs}, 'stolen')`)).toBe(-502003)
  })

  it('shows a message on every phone', async () => {
    await send(li, '你好')
    await send(wang, 'hello')
    for (const phone of [li, wang]) await expect.poll(() => shown(phone)).toEqual(['你好', 'hello'])
    expect(wang.page.data.messages[0]?._openid).toBe(stranger.emulator.users.identityOf('li')?.openid)
  })

  it('holds back what the content check calls risky', async () => {
    await send(li, '网上赌博')
    expect(li.page.data.tip).toBe('发送失败,内容违规')
    await expect
      .poll(async () => (await stranger.call('room', { roomId: 'hall' })).result)
      .toMatchObject({ blocked: 1, count: 2, last: { content: 'hello' } })
  })

  it('shows what is taken back', async () => {
    const id = JSON.stringify(li.page.data.messages[0]?._id)
    expect(await wang.act(`page.onRecall(${id})`)).toBe(false)
    expect(await li.act(`page.onRecall(${id})`)).toBe(true)
    for (const phone of [li, wang]) await expect.poll(() => shown(phone)).toEqual(['(recalled)', 'hello'])
  })

  it('shows what was said while a phone had no connection', async () => {
    wang.loseConnection()
    await send(li, 'are you there?')
    await expect
      .poll(() => shown(wang), { timeout: 10_000 })
      .toEqual(['(recalled)', 'hello', 'are you there?'])
  })

  it('carries a photo', async () => {
    const photo = 'data:image/png;base64,iVBORw0KGgo='
    await li.act(`new Promise((done) => page.onPhoto('${photo}', done))`)
    expect(li.page.data).toMatchObject({ tip: '', progress: 100 })
    expect((await fetch(String(li.page.data.photo))).status).toBe(200)
    await expect.poll(() => wang.page.data.messages.at(-1)).toMatchObject({ type: 'image', bytes: 8 })
  })

  it('empties the room on every phone', async () => {
    const before = Date.now() + 60_000
    expect((await stranger.call('room', { action: 'clean', roomId: 'hall', before })).result).toEqual({
      removed: 4,
    })
    for (const phone of [li, wang]) await expect.poll(() => shown(phone)).toEqual([])
  })
})
