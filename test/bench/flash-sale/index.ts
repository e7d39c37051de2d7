/**
 * The flash sale benchmark: more buyers than units, optionally with crashing functions and a killed cloud. What must
 * hold is checked and fails the run; how fast it was is only printed.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CallLine, type LocalCloud, startLocalCloud } from '../local-cloud.ts'
import { type Rush, rush } from './buyers.ts'
import { countsOf, letTimePass, openSale, orderIds, type Shop, verify } from './shop.ts'

export interface Options {
  stock: number
  buyers: number
  concurrency: number
  crash: boolean
  kill: boolean
}

export interface Report {
  options: Options
  sold: number
  refused: Record<string, number>
  repeats: number
  walkedAway: number
  requestsPerSecond: number
  p50Ms: number
  p99Ms: number
  databaseCalls: { success: Spread; refusal: Spread }
  /** What must hold and does not; empty is good. */
  broken: string[]
}

interface Spread {
  calls: number
  mean: number
  max: number
}

const MINUTE_MS = 60_000
const WALK_AWAY_PERCENT = 10

export async function benchFlashSale(options: Options): Promise<Report> {
  const dataDir = await mkdtemp(join(tmpdir(), 'bench-flashsale-'))
  const cloud = await startLocalCloud(dataDir, options.concurrency)
  try {
    return await run(cloud, options)
  } finally {
    await cloud.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}

async function run(cloud: LocalCloud, options: Options): Promise<Report> {
  const shop = await openSale(cloud, options.stock)
  const callsBefore = cloud.calls.length
  const first = await firstRush(cloud, shop, options)
  const rushes = [first]
  if (options.crash || options.kill) {
    await cloud.control('DELETE', 'faults')
    // Longer than any reservation may wait for its order, shorter than an order may wait for its money.
    for (let minute = 0; minute < 5; minute++) await letTimePass(cloud, MINUTE_MS)
    const { saleId } = shop
    const { concurrency } = options
    const names = Array.from({ length: Math.max(options.stock, 50) }, (_, i) => `late${i}`)
    rushes.push(await rush(cloud, { saleId, names, concurrency, walkAwayPercent: 0 }))
  }
  const calls = cloud.calls.slice(callsBefore)
  const broken = [...checkDecisions(rushes, options), ...(await checkUnits(cloud, shop, rushes, options))]
  const report = toReport(options, rushes, calls)
  broken.push(...checkBudget(report))
  broken.push(...(await checkNothingLost(cloud, shop, options)))
  return { ...report, broken }
}

async function firstRush(cloud: LocalCloud, { saleId }: Shop, options: Options): Promise<Rush> {
  const { concurrency, buyers, crash, kill } = options
  if (crash) await injectFaults(cloud)
  const names = Array.from({ length: buyers }, (_, i) => `bench${i}`)
  const walkAwayPercent = crash || kill ? WALK_AWAY_PERCENT : 0
  // Half way of what matters: while there are units.
  const killAfter = Math.floor(options.stock / 2)
  let restarted: Promise<void> | undefined
  const onProgress = (done: number) => {
    if (!kill || restarted || done < killAfter) return
    restarted = cloud.killAndRestart().then(() => (crash ? injectFaults(cloud) : undefined))
  }
  const result = await rush(cloud, { saleId, names, concurrency, walkAwayPercent, onProgress })
  await restarted
  return result
}

/** A crash strikes after the database did its work and before the function learns of it: the worst moment. */
async function injectFaults(cloud: LocalCloud): Promise<void> {
  const error = { kind: 'error', code: 'DATABASE_REQUEST_FAILED' }
  for (const operation of ['database.modifyAndReturnDoc', 'database.insertDocument']) {
    for (const effect of [{ kind: 'crash' }, { kind: 'reply-lost' }, error]) {
      await cloud.control('POST', 'faults', { service: 'database', operation, effect, probability: 0.04 })
    }
  }
  const crash = {
    service: 'functions',
    operation: 'flashsale',
    effect: { kind: 'crash' },
    probability: 0.005,
  }
  await cloud.control('POST', 'faults', crash)
}

function checkDecisions(rushes: Rush[], { stock }: Options): string[] {
  const broken: string[] = []
  const buyers = rushes.flatMap((each) => each.buyers)
  const won = buyers.flatMap((buyer) => buyer.won)
  if (new Set(won).size !== won.length) broken.push('two buyers were told of the same order')
  const twice = buyers.filter((buyer) => buyer.won.length > 1)
  if (twice.length > 0) broken.push(`${twice.length} buyers got more than one`)
  if (won.length > stock) broken.push(`${won.length} wins of ${stock} units`)
  const strange = buyers
    .flatMap((buyer) => buyer.refusals)
    .filter((error) => !['SOLD_OUT', 'LIMIT_REACHED'].includes(error))
  if (strange.length > 0) broken.push(`refusals that are none: ${[...new Set(strange)].join(', ')}`)
  return broken
}

async function checkUnits(
  cloud: LocalCloud,
  shop: Shop,
  rushes: Rush[],
  { stock }: Options,
): Promise<string[]> {
  const broken: string[] = []
  const orders = await orderIds(cloud, 'unpaid')
  const won = rushes.flatMap((each) => each.buyers).flatMap((buyer) => buyer.won)
  const known = new Set(orders)
  // An order of somebody who walked away is real, though nobody was told of it.
  const missing = won.filter((orderId) => !known.has(orderId))
  if (missing.length > 0) broken.push(`${missing.length} wins have no order`)
  if (orders.length !== stock) broken.push(`${orders.length} orders for ${stock} units`)
  const counts = await countsOf(cloud, shop)
  if (counts.held !== stock || counts.left !== 0) broken.push(`the sale has ${JSON.stringify(counts)}`)
  const { isSound, stock: units } = await verify(cloud, shop)
  if (!isSound) broken.push('the ledger is not the stock')
  if (units.onHand !== stock || units.reserved !== stock || units.sold !== 0) {
    broken.push(`the stock is ${JSON.stringify(units)}`)
  }
  return broken
}

/** Nobody pays: in the end each unit must be back in the inventory. */
async function checkNothingLost(cloud: LocalCloud, shop: Shop, { stock }: Options): Promise<string[]> {
  await letTimePass(cloud, 70 * MINUTE_MS)
  for (let minute = 0; minute < stock / 20 + 5; minute++) {
    const { stock: units } = await verify(cloud, shop)
    if (units.reserved === 0) break
    await letTimePass(cloud, MINUTE_MS)
  }
  const { isSound, stock: units } = await verify(cloud, shop)
  const isBack = isSound && units.onHand === stock && units.reserved === 0 && units.sold === 0
  return isBack ? [] : [`after all orders expired the stock is ${JSON.stringify(units)}, sound: ${isSound}`]
}

function checkBudget({ databaseCalls: { success, refusal } }: Omit<Report, 'broken'>): string[] {
  const broken: string[] = []
  // Figures that nobody counted would keep every budget.
  if (success.calls === 0 || refusal.calls === 0) broken.push('no database calls were counted')
  if (success.max > 3) broken.push(`a success took ${success.max} database calls`)
  if (refusal.max > 1) broken.push(`a refusal took ${refusal.max} database calls`)
  return broken
}

function toReport(options: Options, rushes: Rush[], calls: CallLine[]): Omit<Report, 'broken'> {
  const buyers = rushes.flatMap((each) => each.buyers)
  const refused: Record<string, number> = {}
  for (const error of buyers.flatMap((buyer) => buyer.refusals)) refused[error] = (refused[error] ?? 0) + 1
  const latencies = rushes.flatMap((each) => each.latenciesMs).sort((a, b) => a - b)
  const at = (share: number) => round(latencies[Math.floor((latencies.length - 1) * share)] ?? 0)
  const durationMs = rushes.reduce((sum, each) => sum + each.durationMs, 0)
  const buys = calls.filter(({ route }) => route === 'flashsale/buy')
  return {
    options,
    sold: buyers.flatMap((buyer) => buyer.won).length,
    refused,
    repeats: rushes.reduce((sum, each) => sum + each.repeats, 0),
    walkedAway: buyers.filter((buyer) => buyer.walkedAway).length,
    requestsPerSecond: round((latencies.length / durationMs) * 1000),
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    databaseCalls: {
      success: spreadOf(buys.filter(({ code }) => code === 0)),
      refusal: spreadOf(buys.filter(({ error }) => error === 'SOLD_OUT' || error === 'LIMIT_REACHED')),
    },
  }
}

function spreadOf(calls: CallLine[]): Spread {
  const total = calls.reduce((sum, { databaseCalls }) => sum + databaseCalls, 0)
  return {
    calls: calls.length,
    mean: round(total / Math.max(calls.length, 1)),
    max: Math.max(0, ...calls.map(({ databaseCalls }) => databaseCalls)),
  }
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
