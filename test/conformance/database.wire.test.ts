import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, it } from 'vitest'
import { startEmulator } from '../../emulator/index.ts'
import { loadRealSdk } from '../support/real-sdk.ts'
import { START_MS } from './database/case.ts'
import { checkCase } from './database/check-case.ts'
import { databaseCases } from './database/index.ts'

const project = mkdtempSync(join(tmpdir(), 'conformance-'))
const emulator = await startEmulator({ project, clock: 'manual', clockStartMs: START_MS })
const sdk = loadRealSdk(emulator.sdkEnvironment())

beforeEach(async () => {
  await emulator.database.reset()
  await emulator.clock.set(START_MS)
})
afterAll(async () => {
  await emulator.stop()
  rmSync(project, { recursive: true, force: true })
})

/** The same table on the real, unmodified SDK over HTTP. A file of its own: both SDKs claim one package in a process. */
for (const [theme, cases] of Object.entries(databaseCases)) {
  describe(theme, () => {
    it.each(cases.map((given) => [given.name, given] as const))('%s', async (_name, given) => {
      await checkCase(given, {
        engine: emulator.database,
        database: (options) => sdk.database(options),
        advance: emulator.clock.advance,
      })
    })
  })
}
