/** The shop's side of the benchmark: sets up the sale through routes, and asks afterwards where the units are. */
import type { Answer, LocalCloud } from '../local-cloud.ts'

export interface Shop {
  readonly skuId: string
  readonly saleId: string
}

const MINUTE_MS = 60_000

export async function openSale(cloud: LocalCloud, units: number): Promise<Shop> {
  const { categoryId } = await admin<{ categoryId: string }>(cloud, 'catalog/createCategory', {
    name: 'Bench',
  })
  const { productId, skuIds } = await admin<{ productId: string; skuIds: string[] }>(
    cloud,
    'catalog/createProduct',
    {
      title: 'Kettle',
      categoryId,
      coverFileId: 'cloud://bench/kettle.png',
      skus: [{ priceFen: 9_900 }],
    },
  )
  const skuId = skuIds[0] ?? ''
  await admin(cloud, 'catalog/publish', { productId })
  await admin(cloud, 'inventory/restock', { skuId, quantity: units })
  const { nowMs } = await cloud.control<{ nowMs: number }>('GET', 'clock')
  const { saleId } = await admin<{ saleId: string }>(cloud, 'flashsale/create', {
    title: 'Kettle hour',
    skuId,
    priceFen: 990,
    units,
    perUser: 1,
    opensAtMs: nowMs,
    closesAtMs: nowMs + 60 * MINUTE_MS,
  })
  await admin(cloud, 'flashsale/publish', { saleId })
  return { skuId, saleId }
}

export interface Counts {
  units: number
  left: number
  held: number
  sold: number
  returned: number
}

export async function countsOf(cloud: LocalCloud, { saleId }: Shop): Promise<Counts> {
  return (await admin<{ counts: Counts }>(cloud, 'flashsale/stats', { saleId })).counts
}

export interface Verified {
  isSound: boolean
  stock: { onHand: number; reserved: number; sold: number }
}

export function verify(cloud: LocalCloud, { skuId }: Shop): Promise<Verified> {
  return admin<Verified>(cloud, 'inventory/verify', { skuId })
}

interface OrderPage {
  items: { _id: string }[]
  nextCursor: string | null
}

/** Ids of all orders in a state, read page by page as an operator does. */
export async function orderIds(cloud: LocalCloud, status: string): Promise<string[]> {
  const ids: string[] = []
  let cursor: string | undefined
  do {
    const page: OrderPage = await admin<OrderPage>(cloud, 'order/operatorList', { status, size: 100, cursor })
    ids.push(...page.items.map(({ _id }) => _id))
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
  return ids
}

/** Moves the clock and lets the scheduler run once. */
export async function letTimePass(cloud: LocalCloud, ms: number): Promise<void> {
  await cloud.control('POST', 'clock/advance', { ms, leap: true })
  await cloud.control('POST', 'timers/fire', { function: 'scheduler' })
}

let requests = 0

async function admin<T>(cloud: LocalCloud, route: string, data: unknown): Promise<T> {
  requests += 1
  const answer: Answer<T> = await cloud.call<T>('admin', route, data, `bench-admin-${requests}`)
  if (answer.ok) return answer.data
  throw new Error(`${route} did not succeed: ${JSON.stringify(answer)}`)
}
