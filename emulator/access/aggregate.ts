/** aggregate: rules judge its first stage, which says what documents it reads, and every collection it joins. */
import * as z from 'zod'
import { WireError } from '../core/errors.ts'
import type { Client } from '../core/identity.ts'
import { collectionOf, type DatabaseAction, type DatabaseDeps } from './action.ts'
import { type Doc, decodeDoc, isPlain, MAX_NESTING, parseRaw, stringifyEjson } from './ejson.ts'
import { assertResultSize } from './read.ts'

const stagesSchema = z.array(z.object({ stageKey: z.string(), stageValue: z.string() }))
type Stage = z.output<typeof stagesSchema>[number]

export const aggregateDocuments: DatabaseAction = async (deps, body, client) => {
  const collectionName = collectionOf(body)
  const parsed = stagesSchema.safeParse(body.stages)
  if (!parsed.success) throw new WireError('INVALID_PARAM', 'stages must be a list of stages')
  for (const { stageKey, stageValue } of parsed.data) {
    const joins = joinsIn({ [stageKey]: parseStage(stageValue, stageKey) }, stageKey)
    for (const { key, from } of joins) await assertReadableInFull(deps, key, from, client)
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
async function assertReadableInFull(
  deps: DatabaseDeps,
  key: string,
  from: string,
  client: Client,
): Promise<void> {
  const query = await deps.rules.read(from, {}, client)
  if (Object.keys(query).length > 0)
    throw new WireError('DATABASE_PERMISSION_DENIED', `${key}: not all of ${from} may be read`)
}

/** The stages that join, wherever they stand; throws WireError when one writes. */
function joinsIn(value: unknown, stage: string, depth = 0): { key: string; from: string }[] {
  if (depth > MAX_NESTING) throw new WireError('INVALID_PARAM', `${stage} is nested too deeply`)
  if (Array.isArray(value)) return value.flatMap((item) => joinsIn(item, stage, depth + 1))
  if (!isPlain(value)) return []
  return Object.entries(value).flatMap(([key, operand]) => {
    if (WRITES.includes(key)) throw new WireError('DATABASE_PERMISSION_DENIED', `${key} is not for clients`)
    const from = Object.hasOwn(JOINS, key) ? joinedBy(key, operand) : undefined
    return [...(from === undefined ? [] : [{ key, from }]), ...joinsIn(operand, stage, depth + 1)]
  })
}

function joinedBy(stage: string, operand: unknown): string | undefined {
  if (typeof operand === 'string') return operand
  const name = isPlain(operand) ? operand[JOINS[stage] ?? ''] : undefined
  return typeof name === 'string' ? name : undefined
}

function parseStage(text: string, stage: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new WireError('INVALID_PARAM', `${stage} is not JSON`)
  }
}
