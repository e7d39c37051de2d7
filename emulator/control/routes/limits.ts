import type * as z from 'zod'
import { type ControlRoute, route } from '../route.ts'

export interface LimitPorts<Settings extends object = object> {
  settings: z.ZodType<Settings>
  current(): Settings
  set(changes: Settings): void
}

/** The plan's limits on traffic and sizes. */
export function limitRoutes(limits: LimitPorts): ControlRoute[] {
  return [
    route({
      method: 'GET',
      path: '/control/limits',
      summary: 'Limits in force; false is none',
      handle: () => ({ limits: limits.current() }),
    }),
    route({
      method: 'PUT',
      path: '/control/limits',
      summary: 'Changes the limits that are named',
      body: limits.settings,
      handle({ body }) {
        limits.set(body)
        return { limits: limits.current() }
      },
    }),
  ]
}
