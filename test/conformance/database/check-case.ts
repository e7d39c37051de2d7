import { expect } from 'vitest'
import type { Database as Engine } from '../../../emulator/database/index.ts'
import type { Database } from '../../support/mock-sdk/database.ts'
import { rawCollection } from '../../support/raw-collection.ts'
import { compareFailure, settle } from '../outcome.ts'
import type { DatabaseCase, Tools } from './case.ts'

/** A way to reach a database engine through an SDK. */
export interface Way {
  engine: Engine
  database: Tools['database']
  advance: Tools['advance']
}

/** Prepares the collections, does what the case does, and compares answer and remains. */
export async function checkCase(given: DatabaseCase, { engine, database, advance }: Way): Promise<void> {
  for (const [name, docs] of Object.entries({ items: given.items ?? [], ...given.others })) {
    await engine.createCollection(name)
    if (docs.length > 0) await rawCollection(engine, name).insert(...docs)
  }
  if (given.indexes) await engine.ensureIndexes('items', [...given.indexes])

  const db: Database = database({})
  const outcome = await settle(() => given.run(db, db.command, { database, advance }))
  if (given.fails) {
    expect(outcome, 'it should have failed').toHaveProperty('error')
    compareFailure(outcome.error, given.fails)
  } else {
    if (outcome.error !== undefined) throw outcome.error
    if ('returns' in given) expect(outcome.value).toEqual(given.returns)
  }
  if (given.leaves) expect(await rawCollection(engine, 'items').all()).toEqual(given.leaves)
}
