import type { Db } from '@cloudbase/database'
import { expect } from 'vitest'
import type { Database as Engine } from '../../../emulator/database/index.ts'
import { rawCollection } from '../../support/raw-collection.ts'
import { compareFailure, settle } from '../outcome.ts'
import type { RawCase } from './raw.cases.ts'

/** Prepares the collections, asks, and compares answer and remains. */
export async function checkRawCase(given: RawCase, engine: Engine, db: Db): Promise<void> {
  for (const [name, docs] of Object.entries({ items: given.items ?? [], ...given.others })) {
    await engine.createCollection(name)
    if (docs.length > 0) await rawCollection(engine, name).insert(...docs)
  }
  const outcome = await settle(() => given.run(db))
  if (given.fails) {
    expect(outcome, 'it should have failed').toHaveProperty('error')
    compareFailure(outcome.error, given.fails)
  } else {
    if (outcome.error !== undefined) throw outcome.error
    expect(outcome.value).toEqual(given.returns)
  }
  if (given.leaves) expect(await rawCollection(engine, 'items').all()).toEqual(given.leaves)
}
