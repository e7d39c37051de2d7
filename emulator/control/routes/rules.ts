import { type ControlRoute, route } from '../route.ts'

export interface RulePorts {
  coverage(): object
}

export function ruleRoutes(rules: RulePorts): ControlRoute[] {
  return [
    route({
      method: 'GET',
      path: '/control/rules/coverage',
      summary: 'How often each part of each security rule was true, and how often not, since the start',
      handle: () => rules.coverage(),
    }),
  ]
}
