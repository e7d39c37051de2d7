/** Several people act on the same stored approval at the same moment, transactions conflict and fail, and it stays sound. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type UnitCloud, unitCloud } from '../../test/support/unit.ts'
import { PEOPLE, randomContent } from './definition/blocks.fixture.ts'
import { flowOf } from './definition/graph.ts'
import { type Content, contentSchema } from './definition/model.ts'
import { changedTasks } from './instance/project.ts'
import { type HistoryEntry, history as historyCollection } from './instance/store.ts'
import { advance } from './machine/advance.ts'
import { commandSchema, type Effect } from './machine/command.ts'
import { type Choice, choice, type Deed, deedOf } from './machine/deeds.fixture.ts'
import { expectReplays, expectSound } from './machine/invariants.fixture.ts'
import { type Instance, instanceSchema } from './machine/state.ts'
import { ADMIN } from './machine/world.fixture.ts'
import { approveNode, inRow } from './office.fixture.ts'

const RUNS = 40
const MINUTE_MS = 60_000

let cloud: UnitCloud
let flows = 0

beforeAll(async () => {
  cloud = await unitCloud({ functions: { jobs: () => import('./jobs.fixture.ts') } })
  vi.stubGlobal('fetch', async () => new Response('', { status: flows % 2 === 0 ? 200 : 500 }))
  for (const name of [...PEOPLE, ADMIN]) await cloud.as(name).ok('user/login')
  await publish('inner', contentSchema.parse(inRow(approveNode('check', [cloud.openid('u1')], ''))))
})
afterAll(() => vi.unstubAllGlobals())

async function publish(key: string, content: Content): Promise<void> {
  const admin = cloud.as(ADMIN)
  const { revision } = await admin.ok<{ revision: number }>('approval/saveDefinition', {
    key,
    content,
    revision: 0,
  })
  await admin.ok('approval/publishDefinition', { key, revision })
}

/** The random people are people here: their names become openids. */
function withOpenids<T>(value: T): T {
  const text = JSON.stringify(value).replace(/"(u[0-7])"/g, (_, name: string) => `"${cloud.openid(name)}"`)
  return JSON.parse(text)
}

const nameOf = (openid: string) => [...PEOPLE, ADMIN].find((name) => cloud.openid(name) === openid) ?? ADMIN

/** An action as the route that brings it about; none for what only jobs and flows do. */
function callOf(instanceId: string, { action, by, asOperator }: Deed): (() => Promise<unknown>) | undefined {
  const routes: Partial<Record<Deed['action']['kind'], string>> = {
    return: 'sendBack',
    transfer: asOperator ? 'reassign' : 'transfer',
    'give-back': 'giveBack',
    'add-signers': 'addSigners',
    'remove-signer': 'removeSigner',
    cc: 'copyTo',
  }
  const { kind, ...input } = action
  if (kind === 'called' || kind === 'sub-ended') return undefined
  const more = kind === 'comment' ? { comment: 'hm' } : {}
  const name = asOperator ? ADMIN : nameOf(by)
  return () => cloud.as(name).call(`approval/${routes[kind] ?? kind}`, { instanceId, ...input, ...more })
}

const stored = async (id: string): Promise<Instance> =>
  instanceSchema.parse(await cloud.collection('approval_instances').get(id))

/** What is stored, looked at with everything that the machine itself is looked at with. */
async function expectStoredSound(content: Content, id: string): Promise<void> {
  const flow = flowOf(content)
  const entries = (await cloud.collection('approval_history').all())
    .filter(({ instanceId }) => instanceId === id)
    .map((entry): HistoryEntry => historyCollection.parse(entry))
    .toSorted((a, b) => a.revision - b.revision)
  expect(entries.map(({ revision }) => revision)).toEqual(entries.map((_, i) => i + 1))

  const tasks = new Map<string, unknown>()
  const effects: Effect[] = []
  let replayed: Instance | undefined
  for (const entry of entries) {
    const step = advance(flow, replayed, commandSchema.parse(entry))
    if (step.question) throw new Error('history has no answer')
    for (const doc of changedTasks(flow, replayed, step.instance, step.effects)) tasks.set(doc._id, doc)
    effects.push(...step.effects)
    replayed = step.instance
  }
  const instance = await stored(id)
  const world = { flow, instance, history: entries.map((entry) => commandSchema.parse(entry)), effects }
  expectSound({ ...world, left: new Set(), nowMs: 0 })
  expectReplays({ ...world, left: new Set(), nowMs: 0 })
  const docs = (await cloud.collection('approval_tasks').all()).filter(({ instanceId }) => instanceId === id)
  expect(new Map(docs.map((doc) => [String(doc._id), doc]))).toEqual(tasks)
}

describe('approvals that are stored', () => {
  it(`stay sound when people act at the same moment and commits fail (${RUNS} sequences)`, async () => {
    let accepted = 0
    const rounds = fc.array(fc.array(choice, { minLength: 2, maxLength: 4 }), { minLength: 2, maxLength: 6 })
    const property = fc.asyncProperty(
      randomContent,
      rounds,
      fc.nat({ max: 3 }),
      async (random, acts, amount) => {
        flows += 1
        const content = withOpenids(random)
        const key = `random-${flows}`
        await publish(key, content)
        const begun = await cloud
          .as('u0')
          .ok<{ instanceId: string }>('approval/start', { key, form: { amount } })
        for (const [round, together] of acts.entries()) {
          accepted += await actTogether(begun.instanceId, together, round)
          await cloud.clock.advance(20 * MINUTE_MS)
          await cloud.as(ADMIN).ok('jobs/approvals')
          await expectStoredSound(content, begun.instanceId)
        }
      },
    )
    await fc.assert(property, { numRuns: RUNS, seed: 20260105, endOnFailure: true })
    expect(accepted).toBeGreaterThan(RUNS)
  }, 120_000)
})

/** All read the same state; every second round the database drops one of their transactions. */
async function actTogether(instanceId: string, together: readonly Choice[], round: number): Promise<number> {
  const seen = await stored(instanceId)
  const named = JSON.parse(
    JSON.stringify(seen).replace(/"(o[\w-]{10,})"/g, (whole, openid: string) => {
      const name = PEOPLE.find((candidate) => cloud.openid(candidate) === openid)
      return name === undefined ? whole : `"${name}"`
    }),
  )
  const calls = together.flatMap((chosen) => {
    const deed = deedOf(instanceSchema.parse(named), ...chosen)
    const action = deed && withOpenids(deed.action)
    return deed && action ? (callOf(instanceId, { ...deed, action, by: cloud.openid(deed.by) }) ?? []) : []
  })
  if (round % 2 === 1) cloud.fail('database.commitTransaction', { code: 'SYS_ERR', times: 1 })
  const replies = await Promise.all(calls.map((call) => call()))
  // When all were refused, this commit is the one that fails.
  await cloud.as(ADMIN).call('approval/setDefinitionOpen', { key: 'inner', isOpen: true })
  const codes = replies.map((reply) => (reply as { code: number }).code)
  // Refused by the rules, or by the database that was told to fail: never anything else.
  expect(codes.filter((code) => code === 1000).length).toBeLessThanOrEqual(round % 2)
  return codes.filter((code) => code === 0).length
}
