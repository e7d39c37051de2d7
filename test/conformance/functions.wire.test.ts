import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { LOCAL_APPID } from '../../emulator/core/identity.ts'
import { liveCloud } from '../support/live.ts'
import { loadRealSdk } from '../support/real-sdk.ts'
import { callCases } from './functions/calls.ts'
import { compareFailure, settle } from './outcome.ts'

const cloud = await liveCloud({ project: join(import.meta.dirname, 'functions/project') })
const sdk = loadRealSdk(cloud.emulator.sdkEnvironment())
afterAll(() => cloud.stop())

describe('callFunction on the real SDK', () => {
  it.each(callCases.map((given) => [given.name, given] as const))(
    '%s',
    async (_name, { call, returns, fails }) => {
      const outcome = await settle(() => sdk.callFunction(call))
      if (fails) compareFailure(outcome.error, fails)
      else expect(outcome).toEqual({ value: returns })
    },
  )
})

describe('getWXContext on the real SDK', () => {
  it('tells who calls', async () => {
    expect(await cloud.as('buyer1').send('context', {})).toEqual({
      OPENID: cloud.openid('buyer1'),
      APPID: LOCAL_APPID,
      CLIENTIP: '127.0.0.1',
      ENV: 'local',
      SOURCE: 'wx_client',
    })
  })
})
