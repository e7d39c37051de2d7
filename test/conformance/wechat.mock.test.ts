import { describe, expect, it } from 'vitest'
import sdk from '../support/mock-sdk/index.ts'
import { unitCloud } from '../support/unit.ts'
import { compareFailure, settle } from './outcome.ts'
import { wechatCases } from './wechat/calls.ts'

sdk.init({ env: sdk.DYNAMIC_CURRENT_ENV })

describe('WeChat on the mocked SDK', () => {
  it.each(wechatCases.map((given) => [given.name, given] as const))(
    '%s',
    async (_name, { run, returns, fails }) => {
      const cloud = await unitCloud()
      const outcome = await settle(() => run(sdk, cloud.openid('buyer1')))
      if (fails) compareFailure(outcome.error, fails)
      else expect(outcome).toEqual({ value: returns })
    },
  )
})
