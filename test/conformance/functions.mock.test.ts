import { describe, expect, it } from 'vitest'
import { LOCAL_APPID } from '../../emulator/core/identity.ts'
import sdk from '../support/mock-sdk/index.ts'
import { unitCloud } from '../support/unit.ts'
import { callCases } from './functions/calls.ts'
import { compareFailure, settle } from './outcome.ts'

sdk.init({ env: sdk.DYNAMIC_CURRENT_ENV })

const names = ['echo', 'text', 'nothing', 'broken']
const load = (name: string) => () => import(`./functions/project/cloudfunctions/${name}/index.js`)
await unitCloud({ functions: Object.fromEntries(names.map((name) => [name, load(name)])) })

describe('callFunction on the mocked SDK', () => {
  it.each(callCases.map((given) => [given.name, given] as const))(
    '%s',
    async (_name, { call, returns, fails }) => {
      const outcome = await settle(() => sdk.callFunction(call))
      if (fails) compareFailure(outcome.error, fails)
      else expect(outcome).toEqual({ value: returns })
    },
  )
})

describe('getWXContext on the mocked SDK', () => {
  it('tells who calls', async () => {
    const context = async () => sdk.getWXContext()
    const cloud = await unitCloud({ functions: { context: async () => ({ main: context }) } })
    expect(await cloud.as('buyer1').send('context', {})).toEqual({
      OPENID: cloud.openid('buyer1'),
      APPID: LOCAL_APPID,
      CLIENTIP: '127.0.0.1',
      ENV: 'local',
      SOURCE: 'wx_client',
    })
  })
})
