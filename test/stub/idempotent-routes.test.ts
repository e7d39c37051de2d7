import { pathToFileURL } from 'node:url'
import { describe, expect, it, vi } from 'vitest'
import type { Routes } from '../../cloudfunctions/_kernel/index.ts'
import { routes as approval } from '../../cloudfunctions/approval/routes.ts'
import { routes as catalog } from '../../cloudfunctions/catalog/routes.ts'
import { routes as collab } from '../../cloudfunctions/collab/routes.ts'
import { routes as community } from '../../cloudfunctions/community/routes.ts'
import { routes as flashsale } from '../../cloudfunctions/flashsale/routes.ts'
import { routes as gateway } from '../../cloudfunctions/gateway/routes.ts'
import { routes as inventory } from '../../cloudfunctions/inventory/routes.ts'
import { routes as media } from '../../cloudfunctions/media/routes.ts'
import { routes as notification } from '../../cloudfunctions/notification/routes.ts'
import { routes as ops } from '../../cloudfunctions/ops/routes.ts'
import { routes as order } from '../../cloudfunctions/order/routes.ts'
import { routes as payment } from '../../cloudfunctions/payment/routes.ts'
import { routes as user } from '../../cloudfunctions/user/routes.ts'
import { STUB_DIR } from './phone.ts'

const served: Record<string, Routes> = {
  user,
  catalog,
  community,
  inventory,
  flashsale,
  order,
  payment,
  notification,
  collab,
  media,
  ops,
  gateway,
  approval,
}

interface Declared {
  functionName: string
  keepsReply: string[]
}

/** The mini program's `api`, with what it tells `client` in place of the clients. */
async function declaredApi(): Promise<Record<string, Declared>> {
  vi.doMock(`${STUB_DIR}/api/client.ts`, () => ({
    client: (functionName: string, keepsReply: string[]): Declared => ({ functionName, keepsReply }),
    Refused: class extends Error {},
  }))
  const module: { api: Record<string, Declared> } = await import(
    pathToFileURL(`${STUB_DIR}/api/index.ts`).href
  )
  return module.api
}

describe('the mini program', async () => {
  const api = await declaredApi()

  it('calls every function that has routes for people', () => {
    expect(Object.keys(api).sort()).toEqual(Object.keys(served).sort())
    for (const [name, { functionName }] of Object.entries(api)) expect(functionName).toBe(name)
  })

  it.each(Object.keys(served))('keeps request ids of %s for exactly its idempotent routes', (name) => {
    const idempotent = Object.entries(served[name] ?? {})
      .filter(([, route]) => route.idempotent)
      .map(([key]) => key)
    expect([...(api[name]?.keepsReply ?? [])].sort()).toEqual(idempotent.sort())
  })
})
