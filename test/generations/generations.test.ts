import { createRequire } from 'node:module'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { settle } from '../conformance/outcome.ts'
import { startStranger, writeProject } from '../projects/stranger.ts'
import { rawCollection } from '../support/raw-collection.ts'
import { aggregateCases } from './aggregates.cases.ts'
import { type Cloud, type GenerationCase, NOW_MS } from './case.ts'
import { documentCases } from './documents.cases.ts'
import { asCloud, type NodeSdk } from './node-sdk.ts'
import { queryCases } from './queries.cases.ts'
import { serviceCases } from './services.cases.ts'
import { transactionCases } from './transactions.cases.ts'
import { updateCases } from './updates.cases.ts'

const require = createRequire(import.meta.url)
const DOUBLE = `exports.main = async ({ n, text }) => {
  if (typeof n !== 'number') throw new TypeError('n must be a number')
  return { n: n * 2, text }
}`
const project = writeProject({ 'cloudfunctions/double/index.js': DOUBLE })
const stranger = await startStranger(project, { clock: 'manual', clockStartMs: NOW_MS })
const { emulator } = stranger
Object.assign(process.env, emulator.sdkEnvironment(), {
  // The only way to 1.8, which has no setting for the cloud's address. The others need no proxy.
  HTTP_PROXY: emulator.url,
  NO_PROXY: '127.0.0.1',
})

const generations: Record<string, () => Cloud> = {
  'wx-server-sdk 1.8': () => wx('wx-server-sdk-1.8'),
  'wx-server-sdk 2.3': () => wx('wx-server-sdk-2.3'),
  'wx-server-sdk 2.5': () => wx('wx-server-sdk-2.5'),
  'wx-server-sdk 2.6': () => wx('wx-server-sdk-2.6'),
  'wx-server-sdk 3.0': () => wx('wx-server-sdk-3.0'),
  'wx-server-sdk 4': () => wx('wx-server-sdk'),
  'node-sdk 2': () => asCloud(require('node-sdk-2') as NodeSdk),
  'node-sdk 3': () => asCloud(require('@cloudbase/node-sdk') as NodeSdk),
}

function wx(packageName: string): Cloud {
  const sdk: Cloud & { init(options: object): void; DYNAMIC_CURRENT_ENV: unknown } = require(packageName)
  sdk.init({ env: sdk.DYNAMIC_CURRENT_ENV })
  return sdk
}

const themes: Record<string, GenerationCase[]> = {
  documents: documentCases,
  queries: queryCases,
  updates: updateCases,
  aggregates: aggregateCases,
  transactions: transactionCases,
  services: serviceCases,
}

beforeEach(() => emulator.database.reset())
afterAll(() => stranger[Symbol.asyncDispose]())

/** The same table on every generation of the SDKs: programs are pinned to all of them. */
describe.each(Object.entries(generations))('%s', (_sdk, load) => {
  const cloud = load()
  describe.each(Object.entries(themes))('%s', (_theme, cases) => {
    it.each(cases.map((given) => [given.name, given] as const))('%s', async (_name, given) => {
      await check(cloud, given)
    })
  })
})

async function check(cloud: Cloud, given: GenerationCase): Promise<void> {
  for (const [name, docs = []] of [
    ['items', given.items],
    ['others', given.others],
  ] as const) {
    await emulator.database.createCollection(name)
    if (docs.length > 0) await rawCollection(emulator.database, name).insert(...docs)
  }
  await emulator.database.ensureIndexes('items', given.indexes ?? [])
  const db = cloud.database()
  const outcome = await settle(() => given.run(db.collection('items'), db.command, { db, cloud }))
  if (given.fails) {
    const { errMsg, message } = Object(outcome.error)
    expect(String(errMsg ?? message ?? 'it did not fail')).toMatch(given.fails)
  } else if (outcome.error !== undefined) throw outcome.error
  if ('returns' in given) expect(outcome.value).toEqual(given.returns)
  if (given.leaves) expect(await rawCollection(emulator.database, 'items').all()).toEqual(given.leaves)
}
