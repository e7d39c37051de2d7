import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { LOCAL_APPID } from '../../core/identity.ts'
import { createState } from '../../core/state.ts'
import { callApi } from '../call-api.fixture.ts'
import { BUYER, START_MS, simulator } from '../simulator.fixture.ts'

const text = { msgType: 'text', functionName: 'chat' }
const entering = { msgType: 'event', event: 'user_enter_tempsession', functionName: 'greet' }
const checked = { msgType: 'event', event: 'wxa_media_check', functionName: 'moderation' }

async function chat(options: Parameters<typeof simulator>[0] = {}) {
  const sim = simulator(options)
  sim.answer('success')
  await sim.wechat.control.push.setRules([text, entering, checked])
  return sim
}

describe('message push', () => {
  it('gives a message of a user to the function of its type, on behalf of that user', async () => {
    const { wechat, calls } = await chat()
    const sent = await wechat.control.userMessages.send(BUYER, {
      msgType: 'text',
      fields: { Content: '在吗' },
    })
    expect(sent).toMatchObject({ state: 'accepted', functionName: 'chat' })
    expect(calls).toMatchObject([
      {
        functionName: 'chat',
        identity: { openid: BUYER, appid: LOCAL_APPID },
        event: {
          FromUserName: BUYER,
          ToUserName: LOCAL_APPID,
          CreateTime: START_MS / 1000,
          MsgType: 'text',
          Content: '在吗',
          MsgId: expect.any(String),
        },
      },
    ])
  })

  it('tells events of one type apart, and keeps what nobody wants', async () => {
    const { wechat, calls } = await chat()
    const event = 'user_enter_tempsession'
    await wechat.control.userMessages.send(BUYER, { msgType: 'event', event })
    expect(calls).toMatchObject([{ functionName: 'greet', event: { Event: event, SessionFrom: 'wxapp' } }])
    const lost = await wechat.control.userMessages.send(BUYER, { msgType: 'image' })
    expect(lost).toMatchObject({ state: 'unrouted', event: { MediaId: expect.any(String) } })
    expect(calls).toHaveLength(1)
    expect(wechat.control.push.list()).toHaveLength(2)
  })

  it('comes again three times, five seconds apart, when the function fails', async () => {
    const { wechat, calls, clock, answer } = await chat()
    answer(new Error('boom'))
    await wechat.control.userMessages.send(BUYER, { msgType: 'text' })
    await clock.advance(60_000)
    expect(calls.map(({ atMs }) => (atMs - START_MS) / 1000)).toEqual([0, 5, 10, 15])
    expect(new Set(calls.map(({ event }) => event.MsgId)).size).toBe(1)
    expect(wechat.control.push.list()).toMatchObject([{ state: 'failed' }])
  })

  it('goes on after a restart with what it had not delivered', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'push-'))
    try {
      const first = await chat({ state: createState(dir) })
      first.answer(new Error('boom'))
      await first.wechat.control.userMessages.send(BUYER, { msgType: 'text' })
      await first.wechat.stop()
      await first.state.stop()
      const second = simulator({ state: createState(dir) })
      await second.wechat.start()
      await second.clock.advance(5_000)
      expect(second.calls).toMatchObject([{ functionName: 'chat', identity: { openid: BUYER } }])
      await second.wechat.stop()
      await second.state.stop()
    } finally {
      rmSync(dir, { recursive: true, force: true })
    }
  })

  it('forgets what was under way when everything stored is replaced', async () => {
    const { wechat, calls, clock, answer, state } = await chat()
    answer(new Error('boom'))
    await wechat.control.userMessages.send(BUYER, { msgType: 'text' })
    await callApi({ wechat }, 'security.mediaCheckAsync', { media_url: 'https://a.b/c.png', media_type: 2 })
    await state.importAll({})
    wechat.resume()
    await clock.advance(60_000)
    expect(calls).toHaveLength(1)
    expect(wechat.control.push.list()).toEqual([])
  })

  it('gives each kind of message to one function only', async () => {
    const { wechat } = await chat()
    const twice = wechat.control.push.setRules([text, { ...text, functionName: 'other' }])
    await expect(twice).rejects.toMatchObject({ code: 'PUSH_RULE_TWICE' })
    expect(wechat.control.push.rules()).toHaveLength(3)
  })
})

describe('the customer service chat', () => {
  const reply = { touser: BUYER, msgtype: 'text', text: { content: '收到' } }
  const codes = async (sim: Awaited<ReturnType<typeof chat>>, times: number) => {
    const given: unknown[] = []
    for (let time = 0; time < times; time++)
      given.push((await callApi(sim, 'customerServiceMessage.send', reply)).errcode)
    return given
  }

  it('lets functions answer five times within 48 hours of a message', async () => {
    const sim = await chat()
    expect(await codes(sim, 1)).toEqual([45015])
    await sim.wechat.control.userMessages.send(BUYER, { msgType: 'text' })
    expect(await codes(sim, 6)).toEqual([0, 0, 0, 0, 0, 45047])
    await sim.wechat.control.userMessages.send(BUYER, { msgType: 'text' })
    await sim.clock.advance(48 * 3_600_000)
    expect(await codes(sim, 1)).toEqual([45015])
    expect(sim.wechat.control.customerService.sent({ openid: BUYER })).toHaveLength(5)
  })

  it('lets functions greet twice within a minute of entering, which takes nothing from a message', async () => {
    const sim = await chat()
    const enter = { msgType: 'event', event: 'user_enter_tempsession' }
    await sim.wechat.control.userMessages.send(BUYER, enter)
    expect(await codes(sim, 3)).toEqual([0, 0, 45047])
    await sim.wechat.control.userMessages.send(BUYER, { msgType: 'text' })
    await sim.wechat.control.userMessages.send(BUYER, enter)
    await sim.clock.advance(60_000)
    expect(await codes(sim, 6)).toEqual([0, 0, 0, 0, 0, 45047])
  })

  it('shows typing for 15 seconds, and only within 30 seconds of a message', async () => {
    const sim = await chat()
    const typing = (command: string) =>
      callApi(sim, 'customerServiceMessage.setTyping', { touser: BUYER, command })
    expect(await typing('Typing')).toMatchObject({ errcode: 45080 })
    await sim.wechat.control.userMessages.send(BUYER, { msgType: 'text' })
    expect(await typing('Typing')).toMatchObject({ errcode: 0 })
    expect(await typing('Typing')).toMatchObject({ errcode: 45081 })
    expect(await typing('CancelTyping')).toMatchObject({ errcode: 0 })
    expect(await typing('Typing')).toMatchObject({ errcode: 0 })
    await sim.clock.advance(31_000)
    expect(await typing('Typing')).toMatchObject({ errcode: 45080 })
    expect(await typing('Dancing')).toMatchObject({ errcode: 45072 })
  })
})

describe('security.mediaCheckAsync', () => {
  const picture = {
    media_url: 'https://example.com/a.png',
    media_type: 2,
    version: 2,
    scene: 1,
    openid: BUYER,
  }

  it('pushes its verdict after a while, by the words in the address', async () => {
    const sim = await chat()
    const { trace_id: traceId } = await callApi(sim, 'security.mediaCheckAsync', picture)
    const risky = { ...picture, media_url: `https://example.com/${encodeURIComponent('测试违规')}.png` }
    await callApi(sim, 'security.mediaCheckAsync', risky)
    await sim.clock.advance(1_999)
    expect(sim.calls).toEqual([])
    await sim.clock.advance(1)
    expect(sim.calls).toMatchObject([
      {
        functionName: 'moderation',
        event: {
          ToUserName: LOCAL_APPID,
          FromUserName: BUYER,
          MsgType: 'event',
          Event: 'wxa_media_check',
          appid: LOCAL_APPID,
          trace_id: traceId,
          version: 2,
          errcode: 0,
          errmsg: 'ok',
          result: { suggest: 'pass', label: 100 },
          detail: [{ strategy: 'content_model', errcode: 0, suggest: 'pass', label: 100, prob: 90 }],
        },
      },
      { event: { result: { suggest: 'risky', label: 21000 } } },
    ])
    expect(sim.calls[0]?.identity.openid).toBeUndefined()
  })

  it('waits for a person when checks are held, and takes one decision only', async () => {
    const sim = await chat()
    const { mediaChecks } = sim.wechat.control
    await mediaChecks.setSettings({ delayMs: 0, hold: true })
    const traceId = `${(await callApi(sim, 'security.mediaCheckAsync', picture)).trace_id}`
    await sim.clock.advance(30 * 60_000)
    expect(sim.calls).toEqual([])
    const failed = { suggest: 'pass', label: 100, errcode: -1008, errmsg: 'cannot be fetched' } as const
    await mediaChecks.decide(traceId, failed)
    expect(sim.calls).toMatchObject([{ event: { trace_id: traceId, errcode: -1008, detail: [] } }])
    await expect(mediaChecks.decide(traceId, failed)).rejects.toMatchObject({ code: 'CHECK_NOT_PENDING' })
  })

  it('answers the first version in its own form', async () => {
    const sim = await chat()
    await callApi(sim, 'security.mediaCheckAsync', { media_url: picture.media_url, media_type: 2 })
    await sim.clock.advance(2_000)
    expect(sim.calls).toMatchObject([{ event: { isrisky: 0, status_code: 0 } }])
  })
})
