import { describe, expect, it } from 'vitest'
import sdk from '../support/mock-sdk/index.ts'
import { unitCloud } from '../support/unit.ts'
import { compareFailure, settle } from './outcome.ts'
import { storageCases } from './storage/cases.ts'

sdk.init({ env: sdk.DYNAMIC_CURRENT_ENV })
await unitCloud({ functions: {} })

describe('storage on the mocked SDK', () => {
  it.each(storageCases.map((given) => [given.name, given] as const))('%s', async (_name, given) => {
    const outcome = await settle(() => given.run(sdk))
    if (given.fails) compareFailure(outcome.error, given.fails)
    else expect(outcome).toEqual({ value: given.returns })
  })
})
