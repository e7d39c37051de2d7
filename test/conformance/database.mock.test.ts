import { afterEach, describe, it } from 'vitest'
import { createMockCloud, type Engines } from '../support/mock-sdk/cloud.ts'
import { mock } from '../support/mock-sdk/control.ts'
import sdk from '../support/mock-sdk/index.ts'
import { init } from '../support/mock-sdk/node-sdk.ts'
import { START_MS } from './database/case.ts'
import { checkCase } from './database/check-case.ts'
import { checkRawCase } from './database/check-raw-case.ts'
import { databaseCases } from './database/index.ts'
import { rawCases } from './database/raw.cases.ts'

let running: Engines | undefined
afterEach(() => running?.stop())

sdk.init({ env: sdk.DYNAMIC_CURRENT_ENV })

/** The shared table on the mocked SDK. */
for (const [theme, cases] of Object.entries(databaseCases)) {
  describe(theme, () => {
    it.each(cases.map((given) => [given.name, given] as const))('%s', async (_name, given) => {
      const cloud = await createMockCloud({ startMs: START_MS })
      running = cloud
      mock.connect(cloud)
      await checkCase(given, { engine: cloud.database, database: sdk.database, advance: cloud.clock.advance })
    })
  })
}

/** What only the unwrapped package of node-sdk can send. */
describe('raw queries and pipelines', () => {
  it.each(rawCases.map((given) => [given.name, given] as const))('%s', async (_name, given) => {
    const cloud = await createMockCloud({ startMs: START_MS })
    running = cloud
    mock.connect(cloud)
    await checkRawCase(given, cloud.database, init().database())
  })
})
