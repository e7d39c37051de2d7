import { afterAll, describe, expect, it } from 'vitest'
import { startEmulator } from '../../emulator/index.ts'
import { loadRealSdk } from '../support/real-sdk.ts'
import { compareFailure, settle } from './outcome.ts'
import { storageCases } from './storage/cases.ts'

const cloud = await startEmulator({ project: import.meta.dirname })
const sdk = loadRealSdk(cloud.sdkEnvironment())
afterAll(() => cloud.stop())

describe('storage on the real SDK', () => {
  it.each(storageCases.map((given) => [given.name, given] as const))('%s', async (_name, given) => {
    const outcome = await settle(() => given.run(sdk))
    if (given.fails) compareFailure(outcome.error, given.fails)
    else expect(outcome).toEqual({ value: given.returns })
  })
})
