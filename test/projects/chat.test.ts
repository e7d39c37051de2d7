import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createMiniProgram, type MiniProgram } from '../../emulator/shim/mini-program.fixture.ts'
import { copyProject, type Stranger, startStranger } from './stranger.ts'

/** One user's phone with the page of the room open; `page` is the object that the page's code made. */
interface Phone {
  program: MiniProgram
  page: Record<string, unknown> & {
    data: { messages: Message[]; members: string[]; tip: string; photo?: string; connected?: boolean }
  }
  /** Calls a method of the page with the code of arguments; `done` is its callback. */
  act(call: string): Promise<unknown>
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
  let li: Phone
  let wang: Phone
  let script: string
  const shown = ({ page }: Phone) =>
    page.data.messages.map(({ content, recalled }) => (recalled ? '(recalled)' : content))
  const send = (phone: Phone, content: string) =>
    phone.act(`new Promise((done) => page.onSend(${JSON.stringify(content)}, done))`)

  async function open(user: string, nickName: string): Promise<Phone> {
    const program = createMiniProgram()
    program.load(script)
    program.run(`module.exports.install({ url: '${stranger.emulator.url}', user: '${user}' })`)
    // What WeChat does with a page: an object of its own with its data and setData.
    program.run(`var page; function Page(code) {
      page = Object.assign(Object.create(code), { data: { ...code.data }, setData(data) { Object.assign(this.data, data) } })
    }`)
    program.run(readFileSync(join(stranger.dir, 'miniprogram/pages/room/room.js'), 'utf8'))
    await program.run(`page.onLoad({ roomId: 'hall', nickName: '${nickName}' })`)
    const page = program.run('page') as Phone['page']
    expect(page.data.tip).toBe('')
    await vi.waitFor(() => expect(page.data.connected).toBe(true))
    return { program, page, act: async (call) => program.run(call) }
  }

  beforeAll(async () => {
    stranger = await startStranger(copyProject('chat'))
    script = await (await fetch(`${stranger.emulator.url}/client/wx-cloud.js`)).text()
    li = await open('li', 'Li')
    wang = await open('wang', 'Wang')
  })
  afterAll(async () => {
    li.program.run('page.onUnload()')
    wang.program.run('page.onUnload()')
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
    for (const socket of wang.program.sockets) socket.terminate()
    await send(li, 'are you there?')
    await expect
      .poll(() => shown(wang), { timeout: 10_000 })
      .toEqual(['(recalled)', 'hello', 'are you there?'])
  })

  it('carries a photo', async () => {
    const photo = join(stranger.dir, 'photo.png')
    writeFileSync(photo, Buffer.from('89504e470d0a1a0a', 'hex'))
    await li.act(`new Promise((done) => page.onPhoto(${JSON.stringify(photo)}, done))`)
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
