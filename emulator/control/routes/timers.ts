import * as z from 'zod'
import { ControlRefusal, type ControlRoute, route } from '../route.ts'

export interface TimerPorts {
  list(): object[]
  fire(functionName: string): Promise<unknown> | undefined
  countUntil(epochMs: number, most: number): number
  refresh(): void
}

export function timerRoutes(timers: TimerPorts): ControlRoute[] {
  return [
    route({
      method: 'GET',
      path: '/control/timers',
      summary: 'Timers of the functions and when each fires next',
      handle() {
        timers.refresh()
        return { timers: timers.list() }
      },
    }),
    route({
      method: 'POST',
      path: '/control/timers/fire',
      summary: 'Calls a function as its timer would, now',
      body: z.object({ function: z.string() }),
      async handle({ body }) {
        timers.refresh()
        const fired = timers.fire(body.function)
        if (!fired)
          throw new ControlRefusal(
            404,
            'NOT_FOUND',
            `function ${body.function} has no timer in its config.json`,
          )
        return { outcome: await fired }
      },
    }),
  ]
}
