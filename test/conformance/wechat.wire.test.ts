import { join } from 'node:path'
import { afterAll, beforeEach, describe, it } from 'vitest'
import { liveCloud } from '../support/live.ts'
import { loadRealSdk } from '../support/real-sdk.ts'
import { checkCase } from './wechat/check-case.ts'
import { wechatCases } from './wechat/index.ts'

const cloud = await liveCloud({ project: join(import.meta.dirname, 'functions/project') })
const sdk = loadRealSdk(cloud.emulator.sdkEnvironment())
afterAll(() => cloud.stop())
beforeEach(() => cloud.emulator.stored.reset())

describe('WeChat on the real SDK', () => {
  it.each(wechatCases.map((given) => [given.name, given] as const))('%s', (_name, given) =>
    checkCase(given, sdk, {
      control: cloud.emulator.wechat,
      openid: cloud.openid('buyer1'),
      advance: cloud.emulator.clock.advance,
    }),
  )
})
