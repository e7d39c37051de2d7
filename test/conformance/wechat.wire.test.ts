import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { liveCloud } from '../support/live.ts'
import { loadRealSdk } from '../support/real-sdk.ts'
import { compareFailure, settle } from './outcome.ts'
import { wechatCases } from './wechat/calls.ts'

const cloud = await liveCloud({ project: join(import.meta.dirname, 'functions/project') })
const sdk = loadRealSdk(cloud.emulator.sdkEnvironment())
afterAll(() => cloud.stop())

describe('WeChat on the real SDK', () => {
  it.each(wechatCases.map((given) => [given.name, given] as const))(
    '%s',
    async (_name, { run, returns, fails }) => {
      const outcome = await settle(() => run(sdk, cloud.openid('buyer1')))
      if (fails) compareFailure(outcome.error, fails)
      else expect(outcome).toEqual({ value: returns })
    },
  )
})
