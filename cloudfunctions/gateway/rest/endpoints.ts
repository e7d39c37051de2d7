/**
 * The names that routes have over HTTP. An endpoint adds nothing to its route: who may call it, what it takes and what it
 * refuses is written there. To offer another route: list it in its capability's `partner-routes.ts`, and here.
 */
import type { PartnerRoutes } from '../../_kernel/index.ts'
import { partnerRoutes as catalog } from '../../catalog/public.ts'
import { partnerRoutes as inventory } from '../../inventory/public.ts'
import { partnerRoutes as order } from '../../order/public.ts'

export type Method = 'GET' | 'POST' | 'DELETE'

export interface Endpoint {
  method: Method
  /** `/v1/orders/{orderId}` */
  path: string
  /** Of the route, as functions call it: `order/ship`. */
  route: string
  /** For the description and the clients that are made from it. */
  operationId: string
  status: number
  load(): Promise<PartnerRoutes[string]>
}

const own = async () => (await import('../partner-routes.ts')).partnerRoutes

export const endpoints: readonly Endpoint[] = [
  ...table('gateway', own, [['GET', '/v1/me', 'me', 'getMe']]),

  ...table('catalog', catalog, [
    ['GET', '/v1/products', 'list', 'listProducts'],
    ['GET', '/v1/products/{productId}', 'detail', 'getProduct'],
  ]),

  ...table('order', order, [
    ['GET', '/v1/orders', 'operatorList', 'listOrders'],
    ['GET', '/v1/orders/{orderId}', 'operatorDetail', 'getOrder'],
    ['POST', '/v1/orders/{orderId}/shipment', 'ship', 'shipOrder'],
  ]),

  ...table('inventory', inventory, [
    ['GET', '/v1/stock', 'list', 'listStock'],
    ['GET', '/v1/stock/{skuId}/movements', 'movements', 'listStockMovements'],
    ['POST', '/v1/stock/{skuId}/restock', 'restock', 'restock'],
  ]),

  ...table('gateway', own, [
    ['POST', '/v1/webhook-endpoints', 'createEndpoint', 'createWebhookEndpoint', 201],
    ['GET', '/v1/webhook-endpoints', 'listEndpoints', 'listWebhookEndpoints'],
    ['DELETE', '/v1/webhook-endpoints/{endpointId}', 'removeEndpoint', 'removeWebhookEndpoint'],
    ['POST', '/v1/webhook-endpoints/{endpointId}/secret', 'rotateEndpointSecret', 'rotateWebhookSecret'],
    ['GET', '/v1/webhook-deliveries', 'listOwnDeliveries', 'listWebhookDeliveries'],
    ['POST', '/v1/webhook-deliveries/{deliveryId}/replay', 'replayOwnDelivery', 'replayWebhookDelivery'],
  ]),
]

/** Every scope that an endpoint asks for. */
export async function knownScopes(): Promise<string[]> {
  const routes = await Promise.all(endpoints.map(({ load }) => load()))
  const scopes = routes.map(({ route }) => route.access).filter((access) => access.includes(':'))
  return [...new Set(scopes)].sort()
}

/** The endpoint of a request with what its path says; `allowed` methods when the path is known and the method is not. */
export function findEndpoint(
  method: string,
  path: string,
): { endpoint: Endpoint; params: Record<string, string> } | { allowed: Method[] } {
  const matches = endpoints.flatMap((endpoint) => {
    const params = match(endpoint.path, path)
    return params ? [{ endpoint, params }] : []
  })
  return (
    matches.find(({ endpoint }) => endpoint.method === method) ?? {
      allowed: matches.map(({ endpoint }) => endpoint.method),
    }
  )
}

function table<K extends string>(
  name: string,
  load: () => Promise<Record<K, PartnerRoutes[string]>>,
  rows: readonly [Method, path: string, key: NoInfer<K>, operationId: string, status?: number][],
): Endpoint[] {
  return rows.map(([method, path, key, operationId, status = 200]) => ({
    method,
    path,
    route: `${name}/${key}`,
    operationId,
    status,
    load: async () => (await load())[key],
  }))
}

function match(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/')
  const given = path.split('/')
  if (wanted.length !== given.length) return undefined
  const params: Record<string, string> = {}
  for (const [at, part] of wanted.entries()) {
    const text = given[at] ?? ''
    const [, name] = /^\{(\w+)\}$/.exec(part) ?? []
    if (name === undefined ? part !== text : text === '') return undefined
    if (name === undefined) continue
    try {
      params[name] = decodeURIComponent(text)
    } catch {
      return undefined
    }
  }
  return params
}
