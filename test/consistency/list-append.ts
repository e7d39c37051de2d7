/** Clients that append numbers to a few lists and read them, in transactions and plainly, and write down what they see. */
import type { Done, Step } from './history.ts'
import { type Outcome, runPlainWrite, runTransaction } from './outcome.ts'
import { NoAnswer, type WireClient } from './wire-client.ts'

const COLLECTION = 'lists'
/** Lists in use at a time: few, so that clients meet. */
const ACTIVE_LISTS = 5
/** A full list makes way for a fresh one, so that reads stay short. */
const APPENDS_PER_LIST = 40
const MAX_STEPS = 5

export interface ListAppendRun {
  history: Done[]
  finalLists: Map<string, number[]>
  /** Reads and appends that were sent. */
  operations: number
}

/**
 * @param random gives numbers from 0 to 1
 * @param afterEach hears how many operations were sent so far, and may hold its client up
 */
export async function runListAppend(options: {
  clients: WireClient[]
  operations: number
  random: () => number
  afterEach?: (operations: number) => Promise<void>
}): Promise<ListAppendRun> {
  const { clients, random } = options
  const history: Done[] = []
  const nowMs = () => performance.now()
  let operations = 0
  let nextValue = 1
  const lists = Math.ceil(options.operations / APPENDS_PER_LIST) + ACTIVE_LISTS
  const names = Array.from({ length: lists }, (_, i) => `list${i}`)
  const [first] = clients
  for (let i = 0; i < names.length; i += 500) {
    await first?.add(
      COLLECTION,
      names.slice(i, i + 500).map((_id) => ({ _id, list: [] })),
    )
  }

  const pick = (count: number) => Math.floor(random() * count)
  const newStep = (): Step => {
    const oldest = Math.floor(nextValue / APPENDS_PER_LIST)
    const key = names[oldest + pick(ACTIVE_LISTS)] ?? 'list0'
    return random() < 0.5 ? { kind: 'append', key, value: nextValue++ } : { kind: 'read', key }
  }

  async function take(client: WireClient, step: Step, transactionId?: string): Promise<void> {
    operations += 1
    if (step.kind === 'append') {
      await client.update(COLLECTION, step.key, { $push: { list: step.value } }, transactionId)
    } else step.list = listOf(await client.read(COLLECTION, step.key, transactionId))
  }

  async function runOnce(client: WireClient, done: Done): Promise<Outcome> {
    const [only] = done.steps
    if (done.steps.length === 1 && only && random() < 0.7) return runPlainWrite(() => take(client, only))
    return runTransaction(client, async (transactionId) => {
      for (const step of done.steps) await take(client, step, transactionId)
      return random() < 0.05 ? 'abort' : 'commit'
    })
  }

  async function work(client: WireClient): Promise<void> {
    while (operations < options.operations) {
      const steps = Array.from({ length: random() < 0.4 ? 1 : 1 + pick(MAX_STEPS) }, newStep)
      const done: Done = { id: history.length, steps, startedAt: nowMs(), outcome: 'unknown' }
      history.push(done)
      done.outcome = await runOnce(client, done)
      if (done.outcome !== 'unknown') done.endedAt = nowMs()
      await options.afterEach?.(operations)
    }
  }

  await Promise.all(clients.map(work))
  const finalLists = new Map<string, number[]>()
  for (const name of names) finalLists.set(name, listOf(await first?.read(COLLECTION, name)))
  return { history, finalLists, operations }
}

function listOf(document: Record<string, unknown> | undefined): number[] {
  // The lists of this run hold what its clients appended: numbers.
  if (!document) throw new NoAnswer('the list is missing')
  return document.list as number[]
}
