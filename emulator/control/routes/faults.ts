import * as z from 'zod'
import type { Faults } from '../../core/faults.ts'
import { ControlRefusal, type ControlRoute, route } from '../route.ts'

const rule = z.strictObject({
  service: z.enum(['database', 'functions', 'storage', 'wechat', '*']),
  operation: z
    .string()
    .min(1)
    .describe('action (database.getDocument), function name, pay.callback, …, or *'),
  effect: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('error'), code: z.string().min(1), message: z.string().optional() }),
    z.strictObject({ kind: z.literal('delay'), ms: z.number().int().min(0).max(600_000) }),
    z.strictObject({ kind: z.literal('reply-lost') }),
    z.strictObject({ kind: z.literal('duplicate') }),
    z.strictObject({ kind: z.literal('crash') }),
  ]),
  from: z.number().int().min(1).optional(),
  times: z.number().int().min(1).optional(),
  probability: z.number().min(0).max(1).optional(),
})

/** What goes wrong on purpose. */
export function faultRoutes(faults: Faults): ControlRoute[] {
  return [
    route({
      method: 'GET',
      path: '/control/faults',
      summary: 'Fault rules, with how often each matched and struck',
      handle: () => ({ faults: faults.list() }),
    }),
    route({
      method: 'POST',
      path: '/control/faults',
      summary: 'Adds a fault rule',
      body: rule,
      handle: ({ body }) => faults.add(body),
    }),
    route({
      method: 'DELETE',
      path: '/control/faults',
      summary: 'Removes every fault rule',
      handle() {
        faults.clear()
        return { faults: [] }
      },
    }),
    route({
      method: 'DELETE',
      path: '/control/faults/{id}',
      summary: 'Removes one fault rule',
      handle({ params: { id = '' } }) {
        if (!faults.remove(id)) throw new ControlRefusal(404, 'NOT_FOUND', `no fault rule ${id}`)
        return { faults: faults.list() }
      },
    }),
  ]
}
