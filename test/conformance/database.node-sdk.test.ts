import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, it } from 'vitest'
import { startEmulator } from '../../emulator/index.ts'
import { START_MS } from './database/case.ts'
import { checkCase } from './database/check-case.ts'
import { checkRawCase } from './database/check-raw-case.ts'
import { databaseCases } from './database/index.ts'
import { asWxDatabase, openNodeSdk } from './database/node-sdk.ts'
import { rawCases } from './database/raw.cases.ts'

const project = mkdtempSync(join(tmpdir(), 'conformance-'))
const emulator = await startEmulator({ project, clock: 'manual', clockStartMs: START_MS })
const openDatabase = openNodeSdk(emulator.sdkEnvironment())

beforeEach(async () => {
  await emulator.database.reset()
  await emulator.clock.set(START_MS)
})
afterAll(async () => {
  await emulator.stop()
  rmSync(project, { recursive: true, force: true })
})

/** The same table on the real `@cloudbase/node-sdk` over HTTP, without wx-server-sdk around it. */
for (const [theme, cases] of Object.entries(databaseCases)) {
  describe(theme, () => {
    it.each(cases.map((given) => [given.name, given] as const))('%s', async (_name, given) => {
      await checkCase(given, {
        engine: emulator.database,
        database: (options) => asWxDatabase(openDatabase(), options),
        advance: emulator.clock.advance,
      })
    })
  })
}

/** What only the unwrapped package can send. */
describe('raw queries and pipelines', () => {
  it.each(rawCases.map((given) => [given.name, given] as const))('%s', async (_name, given) => {
    await checkRawCase(given, emulator.database, openDatabase())
  })
})
