import { expect } from 'vitest'
import type { Database as Engine } from '../../../emulator/database/index.ts'
import type { Database } from '../../support/mock-sdk/database.ts'
import { rawCollection } from '../../support/raw-collection.ts'
import type { DatabaseCase, Failure, Tools } from './case.ts'

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

async function settle(work: () => unknown): Promise<{ value?: unknown; error?: unknown }> {
  try {
    return { value: await work() }
  } catch (error) {
    return { error }
  }
}

function compareFailure(error: unknown, { errCode, errMsg, message, code }: Failure): void {
  const thrown = error as { errCode?: number; errMsg?: string; message?: string; code?: string }
  if (errMsg !== undefined) compareText(thrown.errMsg, errMsg)
  if (message !== undefined) compareText(thrown.message, message)
  if (errCode !== undefined) expect(thrown.errCode).toBe(errCode)
  if (code === null) expect(thrown.code, 'there should be no code').toBeUndefined()
  else if (code !== undefined) expect(thrown.code).toEqual(code)
}

function compareText(text: string | undefined, expected: string | RegExp): void {
  if (typeof expected === 'string') expect(text).toBe(expected)
  else expect(text).toMatch(expected)
}
