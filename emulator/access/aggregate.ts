/** aggregate: rules judge its first stage, which says what documents it reads, and every collection it joins. */
import * as z from 'zod'
import { WireError } from '../core/errors.ts'
import type { Client } from '../core/identity.ts'
import { collectionOf, type DatabaseAction, type DatabaseDeps } from './action.ts'
import { type Doc, decodeDoc, isPlain, parseRaw, stringifyEjson } from './ejson.ts'
import { assertResultSize } from './read.ts'

const stagesSchema = z.array(z.object({ stageKey: z.string(), stageValue: z.string() }))
type Stage = z.output<typeof stagesSchema>[number]

export const aggregateDocuments: DatabaseAction = async (deps, body, client) => {
  const collectionName = collectionOf(body)
  const parsed = stagesSchema.safeParse(body.stages)
  if (!parsed.success) throw new WireError('INVALID_PARAM', 'stages must be a list of stages')
  for (const { stageKey, stageValue } of parsed.data) {
    await assertJoins(deps, { [stageKey]: JSON.parse(assertJson(stageValue, stageKey)) }, client)
  }
  const stages = await narrowed(deps, collectionName, parsed.data, client)
  const reply = await deps.database.handle('database.aggregateDocuments', { collectionName, stages }, {})
  assertResultSize(reply, client)
  return reply
}

/** A pipeline that begins otherwise reads everything: its query is `{}`. */
async function narrowed(
  deps: DatabaseDeps,
  collection: string,
  stages: Stage[],
  client: Client,
): Promise<Stage[]> {
  const read = (raw: Doc) => deps.rules.read(collection, decodeDoc(raw, 'match', deps.nowMs()), client)
  const [first, ...rest] = stages
  if (first?.stageKey === '$match') {
    const query = await read(parseRaw(first.stageValue, '$match'))
    return [{ stageKey: '$match', stageValue: stringifyEjson(query) }, ...rest]
  }
  if (first?.stageKey === '$geoNear') {
    // It must come first, and has a query of its own.
    const near = parseRaw(first.stageValue, '$geoNear')
    const query = await read(isPlain(near.query) ? near.query : {})
    const stageValue = JSON.stringify({ ...near, query: JSON.parse(stringifyEjson(query)) })
    return [{ stageKey: '$geoNear', stageValue }, ...rest]
  }
  const query = await read({})
  if (Object.keys(query).length === 0) return stages
  return [{ stageKey: '$match', stageValue: stringifyEjson(query) }, ...stages]
}

/** Where a stage names another collection, and under which key. */
const JOINS: Record<string, string> = { $lookup: 'from', $graphLookup: 'from', $unionWith: 'coll' }
const WRITES = ['$out', '$merge']

/** A joined collection is read without a query, so its rules must let this client read all of it. */
async function assertJoins(deps: DatabaseDeps, value: unknown, client: Client): Promise<void> {
  if (Array.isArray(value)) {
    for (const item of value) await assertJoins(deps, item, client)
    return
  }
  if (!isPlain(value)) return
  for (const [key, operand] of Object.entries(value)) {
    if (WRITES.includes(key)) throw new WireError('DATABASE_PERMISSION_DENIED', `${key} is not for clients`)
    const from = Object.hasOwn(JOINS, key) ? joinedBy(key, operand) : undefined
    if (from !== undefined) {
      const query = await deps.rules.read(from, {}, client)
      if (Object.keys(query).length > 0) {
        throw new WireError('DATABASE_PERMISSION_DENIED', `${key}: not all of ${from} may be read`)
      }
    }
    await assertJoins(deps, operand, client)
  }
}

function joinedBy(stage: string, operand: unknown): string | undefined {
  if (typeof operand === 'string') return operand
  const name = isPlain(operand) ? operand[JOINS[stage] ?? ''] : undefined
  return typeof name === 'string' ? name : undefined
}

function assertJson(text: string, stage: string): string {
  try {
    JSON.parse(text)
    return text
  } catch {
    throw new WireError('INVALID_PARAM', `${stage} is not JSON`)
  }
}
