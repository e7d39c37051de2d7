import { beforeEach, describe, expect, it } from 'vitest'
import { type UnitCloud, unitCloud } from '../../../test/support/unit.ts'

let cloud: UnitCloud
beforeEach(async () => {
  cloud = await unitCloud()
  await cloud.as('buyer1').ok('user/login')
})

const issue = () => cloud.wechat.control.phoneCodes.issue(cloud.openid('buyer1'), '13812345678')

describe('user/bindPhone', () => {
  it('stores the number that WeChat vouches for and shows it masked', async () => {
    const { code } = await issue()
    expect(await cloud.as('buyer1').ok('user/bindPhone', { code })).toMatchObject({ phone: '138****5678' })
    expect(await cloud.collection('users').get(cloud.openid('buyer1'))).toMatchObject({
      phone: '13812345678',
      phoneCountryCode: '86',
    })
  })

  it('answers a repeat of the request that used the code up with what it bound', async () => {
    const { code } = await issue()
    await cloud.as('buyer1').ok('user/bindPhone', { code })
    expect(await cloud.as('buyer1').ok('user/bindPhone', { code })).toMatchObject({ phone: '138****5678' })
  })

  it('refuses a code that is unknown, used by somebody else, or too old', async () => {
    expect(await cloud.as('buyer1').refused('user/bindPhone', { code: 'made-up' })).toBe('PHONE_CODE_INVALID')
    const { code } = await issue()
    await cloud.as('buyer1').ok('user/bindPhone', { code })
    await cloud.as('buyer2').ok('user/login')
    expect(await cloud.as('buyer2').refused('user/bindPhone', { code })).toBe('PHONE_CODE_INVALID')
    const old = await issue()
    await cloud.clock.advance(5 * 60_000 + 1)
    expect(await cloud.as('buyer1').refused('user/bindPhone', { code: old.code })).toBe('PHONE_CODE_INVALID')
  })

  it('says that WeChat did not answer, and binds nothing', async () => {
    const { code } = await issue()
    cloud.fail('openapi.phonenumber.getPhoneNumber', { code: 'SYS_ERR', times: 10 })
    expect(await cloud.as('buyer1').refused('user/bindPhone', { code })).toBe('UPSTREAM_FAILED')
    expect(await cloud.as('buyer1').ok('user/profile')).toMatchObject({ phone: null })
  })

  it('binds nothing to an account that is deleted while WeChat is asked', async () => {
    cloud.override('openapi.phonenumber.getPhoneNumber', async () => {
      await cloud.as('buyer1').ok('user/deleteAccount', { confirm: true })
      return { phoneInfo: { purePhoneNumber: '13812345678', countryCode: '86' } }
    })
    expect(await cloud.as('buyer1').refused('user/bindPhone', { code: 'x' })).toBe('ACCOUNT_DELETED')
    const user = await cloud.collection('users').get(cloud.openid('buyer1'))
    expect(JSON.stringify(user)).not.toContain('13812345678')
  })

  it('refuses input without a code, and callers without an account', async () => {
    expect(await cloud.as('buyer1').refused('user/bindPhone', {})).toBe('INVALID_INPUT')
    expect(await cloud.as('stranger').refused('user/bindPhone', { code: 'x' })).toBe('NOT_FOUND')
  })

  it('slows down who tries codes', async () => {
    for (let i = 0; i < 5; i++) await cloud.as('buyer1').refused('user/bindPhone', { code: `guess-${i}` })
    expect(await cloud.as('buyer1').refused('user/bindPhone', { code: 'guess-6' })).toBe('TOO_MANY_REQUESTS')
  })
})
