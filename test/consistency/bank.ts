/** Accounts whose sum must be the same whenever somebody looks at all of them at once. */
import { runPlainWrite, runTransaction } from './outcome.ts'
import { NoAnswer, type WireClient } from './wire-client.ts'

const COLLECTION = 'accounts'
const ACCOUNTS = 8
const OPENING_BALANCE = 100

export interface BankRun {
  /** What is wrong with what somebody saw. */
  violations: string[]
  operations: number
}

/** Transfers in transactions, deposits as plain writes, and looks at all accounts in either way. */
export async function runBank(options: {
  clients: WireClient[]
  operations: number
  random: () => number
  afterEach?: (operations: number) => Promise<void>
}): Promise<BankRun> {
  const { clients, random } = options
  const violations: string[] = []
  const names = Array.from({ length: ACCOUNTS }, (_, i) => `account${i}`)
  // What all deposits came to: at least, as acknowledged; and at most, with those asked for.
  const deposits = { acknowledged: 0, possible: 0 }
  let operations = 0
  const [first] = clients
  await first?.add(
    COLLECTION,
    names.map((_id) => ({ _id, money: OPENING_BALANCE })),
  )
  const anyName = () => names[Math.floor(random() * names.length)] ?? ''

  async function transfer(client: WireClient): Promise<void> {
    const [from, to, amount] = [anyName(), anyName(), 1 + Math.floor(random() * 30)]
    if (from === to) return
    await runTransaction(client, async (transactionId) => {
      operations += 3
      const source = await client.read(COLLECTION, from, transactionId)
      if (Number(source?.money) < amount) return 'abort'
      await client.update(COLLECTION, from, { $inc: { money: -amount } }, transactionId)
      await client.update(COLLECTION, to, { $inc: { money: amount } }, transactionId)
      return 'commit'
    })
  }

  async function deposit(client: WireClient): Promise<void> {
    operations += 1
    deposits.possible += 1
    const outcome = await runPlainWrite(() => client.update(COLLECTION, anyName(), { $inc: { money: 1 } }))
    if (outcome === 'committed') deposits.acknowledged += 1
    if (outcome === 'aborted') deposits.possible -= 1
  }

  async function look(client: WireClient): Promise<void> {
    const atLeast = ACCOUNTS * OPENING_BALANCE + deposits.acknowledged
    const balances: number[] = []
    if (random() < 0.5) {
      operations += 1
      const accounts = await client.readAll(COLLECTION).catch(unlessNoAnswer)
      if (!accounts) return
      balances.push(...accounts.map(({ money }) => Number(money)))
    } else {
      const outcome = await runTransaction(client, async (transactionId) => {
        for (const name of names) {
          operations += 1
          balances.push(Number((await client.read(COLLECTION, name, transactionId))?.money))
        }
        return 'commit'
      })
      if (outcome !== 'committed') return
    }
    check(balances, atLeast)
  }

  function check(balances: number[], atLeast: number): void {
    const atMost = ACCOUNTS * OPENING_BALANCE + deposits.possible
    const sum = balances.reduce((total, balance) => total + balance, 0)
    if (sum < atLeast || sum > atMost) violations.push(`sum ${sum} is not within ${atLeast} and ${atMost}`)
    for (const balance of balances) if (balance < 0) violations.push(`a balance of ${balance}`)
  }

  async function work(client: WireClient): Promise<void> {
    while (operations < options.operations) {
      const dice = random()
      await (dice < 0.5 ? transfer(client) : dice < 0.6 ? deposit(client) : look(client))
      await options.afterEach?.(operations)
    }
  }

  await Promise.all(clients.map(work))
  const accounts = (await first?.readAll(COLLECTION)) ?? []
  check(
    accounts.map(({ money }) => Number(money)),
    ACCOUNTS * OPENING_BALANCE + deposits.acknowledged,
  )
  return { violations, operations }
}

function unlessNoAnswer(error: unknown): undefined {
  if (!(error instanceof NoAnswer)) throw error
}
