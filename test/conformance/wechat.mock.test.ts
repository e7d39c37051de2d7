import { describe, it } from 'vitest'
import sdk from '../support/mock-sdk/index.ts'
import { unitCloud } from '../support/unit.ts'
import { checkCase } from './wechat/check-case.ts'
import { wechatCases } from './wechat/index.ts'

sdk.init({ env: sdk.DYNAMIC_CURRENT_ENV })

describe('WeChat on the mocked SDK', () => {
  it.each(wechatCases.map((given) => [given.name, given] as const))('%s', async (_name, given) => {
    const { wechat, openid, clock } = await unitCloud()
    await checkCase(given, sdk, {
      control: wechat.control,
      openid: openid('buyer1'),
      advance: clock.advance,
    })
  })
})
