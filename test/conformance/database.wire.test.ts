import { afterAll, afterEach, describe, it } from 'vitest'
import { startAdminServer } from '../support/admin-server.ts'
import { createMockCloud, type Engines, type MockCloud } from '../support/mock-sdk/cloud.ts'
import { loadRealSdk } from '../support/real-sdk.ts'
import { START_MS } from './database/case.ts'
import { checkCase } from './database/check-case.ts'
import { databaseCases } from './database/index.ts'

let running: (MockCloud & Engines) | undefined
const server = await startAdminServer(async (action, body) => {
  if (!running) throw new Error('no case is running')
  return running.askDatabase(action, body, undefined)
})
afterEach(() => running?.stop())
afterAll(() => server.stop())

const sdk = loadRealSdk(server.url)

/** The same table on the real, unmodified SDK over HTTP. It is a file of its own, because an SDK lives in its process once. */
for (const [theme, cases] of Object.entries(databaseCases)) {
  describe(theme, () => {
    it.each(cases.map((given) => [given.name, given] as const))('%s', async (_name, given) => {
      const cloud = await createMockCloud({ startMs: START_MS })
      running = cloud
      await checkCase(given, {
        engine: cloud.database,
        database: (options) => sdk.database(options),
        advance: cloud.clock.advance,
      })
    })
  })
}
