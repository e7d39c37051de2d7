import { describe, expect, it } from 'vitest'
import { callerOf } from './identity.ts'

const openid = 'oUser'

describe('callerOf', () => {
  it('takes a mini program user from the context', () => {
    expect(callerOf({ OPENID: openid, APPID: 'wx1', SOURCE: 'wx_client' }, {})).toEqual({
      kind: 'user',
      openid,
      appid: 'wx1',
      unionid: undefined,
    })
  })

  it('prefers FROM_OPENID, the real caller in a shared environment', () => {
    const caller = callerOf({ OPENID: 'oOwner', FROM_OPENID: openid, SOURCE: 'wx_devtools' }, {})
    expect(caller).toMatchObject({ kind: 'user', openid })
  })

  it('keeps an openid of digits a string', () => {
    // The SDK hands such a value over as a number.
    const context = JSON.parse('{"OPENID":12345,"SOURCE":"wx_client"}')
    expect(callerOf(context, {})).toMatchObject({ openid: '12345' })
  })

  it.each([
    ['an openid', { openid: 'oForged', OPENID: 'oForged' }],
    ['userInfo', { userInfo: { openId: 'oForged' } }],
    ['a timer', { Type: 'Timer', TriggerName: 'everyMinute' }],
    ['a function acting for somebody', { onBehalfOf: 'oForged' }],
  ])('does not believe a client whose event claims %s', (_, event) => {
    expect(callerOf({ OPENID: openid, SOURCE: 'wx_client' }, event)).toMatchObject({ kind: 'user', openid })
  })

  it('believes a function about on whose behalf it calls, because SOURCE says that a function called', () => {
    expect(callerOf({ SOURCE: 'wx_client,scf' }, { onBehalfOf: openid })).toEqual({
      kind: 'function',
      onBehalfOf: openid,
    })
    expect(callerOf({ SOURCE: 'wx_trigger,scf' }, {})).toEqual({ kind: 'function' })
  })

  it('knows a timer by SOURCE', () => {
    expect(callerOf({ SOURCE: 'wx_trigger' }, {})).toEqual({ kind: 'timer' })
  })

  it.each([{}, { SOURCE: 'wx_http' }, { OPENID: openid }, { SOURCE: 'wx_client' }])(
    'trusts %o with nothing',
    (context) => {
      expect(callerOf(context, {})).toEqual({ kind: 'platform' })
    },
  )
})
