import { describe, expect, it } from 'vitest'
import type { Main } from './functions-under-test.ts'
import { mock } from './mock-sdk/control.ts'
import sdk from './mock-sdk/index.ts'
import { unitCloud } from './unit.ts'

sdk.init({ env: sdk.DYNAMIC_CURRENT_ENV })

const DAY_MS = 86_400_000

/** A function made of its `main`. */
const of = (main: Main) => async () => ({ main })
const whoAmI = of(async () => sdk.getWXContext())

describe('unitCloud', () => {
  it('gives each caller its own identity, also when their calls overlap', async () => {
    const slow = async (event: unknown) => {
      await new Promise((resolve) => setTimeout(resolve, 2))
      return { event, context: sdk.getWXContext() }
    }
    const cloud = await unitCloud({ functions: { slow: of(slow) } })
    const [a, b] = await Promise.all([
      cloud.as('a').send('slow', { n: 1 }),
      cloud.as('b').send('slow', { n: 2 }),
    ])
    expect(a).toMatchObject({
      event: { n: 1, userInfo: { openId: cloud.openid('a') } },
      context: { OPENID: cloud.openid('a'), SOURCE: 'wx_client' },
    })
    expect(b).toMatchObject({ event: { n: 2 }, context: { OPENID: cloud.openid('b') } })
  })

  it('overwrites a forged userInfo', async () => {
    const cloud = await unitCloud({ functions: { echo: of(async (event) => event) } })
    const echoed = await cloud.as('a').send('echo', { userInfo: { openId: 'forged' } })
    expect(echoed).toEqual({ userInfo: { appId: expect.any(String), openId: cloud.openid('a') } })
  })

  it('loses the user between functions and tells so in SOURCE', async () => {
    const call = async () => (await sdk.callFunction({ name: 'whoAmI' })).result
    const cloud = await unitCloud({ functions: { whoAmI, call: of(call) } })
    const seen = await cloud.as('a').send('call', {})
    expect(seen).toMatchObject({ SOURCE: 'wx_client,scf' })
    expect(seen).not.toHaveProperty('OPENID')
  })

  it('gives a timer no user and the source of a timer', async () => {
    const timed = async (event: unknown) => ({ event, context: sdk.getWXContext() })
    const cloud = await unitCloud({ functions: { timed: of(timed) } })
    const seen = await cloud.asTimer('timed', 'everyMinute')
    expect(seen).toMatchObject({
      event: { Type: 'Timer', TriggerName: 'everyMinute' },
      context: { SOURCE: 'wx_trigger' },
    })
  })

  it('begins empty, with every collection of the rules', async () => {
    const first = await unitCloud()
    await first.collection('outbox').insert({ _id: 'x' })
    const second = await unitCloud()
    expect(await second.collection('outbox').all()).toEqual([])
    expect(await first.collection('outbox').get('x')).toEqual({ _id: 'x' })
  })

  it('moves Date with its clock', async () => {
    const cloud = await unitCloud({ functions: { time: of(async () => [Date.now(), new Date()]) } })
    const before = cloud.clock.nowMs()
    await cloud.clock.advance(DAY_MS)
    expect(await cloud.as('a').send('time', {})).toEqual([
      before + DAY_MS,
      new Date(before + DAY_MS).toISOString(),
    ])
  })

  it('counts the database requests of a call', async () => {
    const twice = async () => {
      const rows = sdk.database().collection('outbox')
      return [await rows.count(), await rows.get()]
    }
    const cloud = await unitCloud({ functions: { twice: of(twice) } })
    await cloud.as('a').send('twice', {})
    expect(cloud.databaseCalls()).toBe(2)
  })

  it('fails the next call that a test wants to fail, and only that one', async () => {
    const count = async () => (await sdk.database().collection('outbox').count()).total
    const cloud = await unitCloud({ functions: { count: of(count) } })
    cloud.fail('database.calculateDocument', { code: 'EXCEED_REQUEST_LIMIT' })
    await expect(cloud.as('a').send('count', {})).rejects.toMatchObject({ errCode: -501003 })
    expect(await cloud.as('a').send('count', {})).toBe(0)
  })

  it('can lose the reply of work that was done', async () => {
    const add = async () =>
      sdk
        .database()
        .collection('outbox')
        .add({ data: { _id: 'x' } })
    const cloud = await unitCloud({ functions: { add: of(add) } })
    cloud.fail('database.insertDocument', { code: 'SYS_ERR', replyLost: true })
    await expect(cloud.as('a').send('add', {})).rejects.toThrow('collection.add:fail')
    expect(await cloud.collection('outbox').get('x')).toEqual({ _id: 'x' })
  })

  it('rolls back a transaction that a function left open', async () => {
    const leave = async () => {
      const transaction = await sdk.database().startTransaction()
      await transaction.collection('outbox').add({ data: { _id: 'x' } })
    }
    const cloud = await unitCloud({ functions: { leave: of(leave) } })
    await cloud.as('a').send('leave', {})
    expect(await cloud.collection('outbox').all()).toEqual([])
  })

  it('answers open APIs from the simulator, and from an override in its place', async () => {
    const ask = async () => {
      const check = sdk.openapi.security?.msgSecCheck
      return check?.({ openid: sdk.getWXContext().OPENID, scene: 2, version: 2, content: 'hello' })
    }
    const cloud = await unitCloud({ functions: { ask: of(ask) } })
    cloud.override('openapi.security.msgSecCheck', () => ({ result: { suggest: 'risky' } }))
    expect(await cloud.as('a').send('ask', {})).toEqual({
      result: { suggest: 'risky' },
      errCode: 0,
      errMsg: 'openapi.security.msgSecCheck:ok',
    })
  })

  it('keeps files in memory', async () => {
    await unitCloud()
    const { fileID } = await sdk.uploadFile({ cloudPath: 'a/b.txt', fileContent: Buffer.from('hi') })
    expect((await sdk.downloadFile({ fileID })).fileContent.toString()).toBe('hi')
    expect((await sdk.getTempFileURL({ fileList: [fileID, 'cloud://none/x'] })).fileList).toMatchObject([
      { fileID, status: 0, errMsg: 'ok' },
      { status: -503003, tempFileURL: '' },
    ])
    await sdk.deleteFile({ fileList: [fileID] })
    await expect(sdk.downloadFile({ fileID })).rejects.toMatchObject({
      errCode: -1,
      code: 'STORAGE_FILE_NONEXIST',
    })
  })

  it('has no context outside of an invocation', () => {
    expect(mock.invocation()).toBeUndefined()
    expect(sdk.getWXContext()).toEqual({})
  })
})
