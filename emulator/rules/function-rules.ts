/** May this client call this function? Timers, HTTP access and other functions are not asked. */
import { WireError } from '../core/errors.ts'
import type { Client } from '../core/identity.ts'
import type { Log } from '../core/log.ts'
import { authOf, ownerId } from './caller.ts'

/** Function name, or `*` for all that have no entry, to who may call. */
export type FunctionRule = Record<string, { invoke: boolean | string }>

export interface FunctionRulesDeps {
  functionRule(): FunctionRule | undefined
  log: Log
}

export const FUNCTION_SOURCE = 'function-rules.json'

const defaultRule: FunctionRule = { '*': { invoke: 'auth != null' } }

/** The only expressions that the platform takes here (manual "cloud function security rules"), spaces aside. */
const expressions: Record<string, (client: Client | undefined) => boolean> = {
  'auth!=null': (client) => client !== undefined && authOf(client) !== null,
  "auth.loginType!='ANONYMOUS'&&auth!=null": (client) =>
    client !== undefined && authOf(client) !== null && client.loginType !== 'ANONYMOUS',
}

const withoutSpaces = (text: string): string => text.replace(/\s/g, '')

/** Everything wrong with the file, or nothing. */
export function functionRuleProblems(rule: FunctionRule): string[] {
  const problems = Object.entries(rule).flatMap(([name, { invoke }]) =>
    typeof invoke === 'boolean' || Object.hasOwn(expressions, withoutSpaces(invoke))
      ? []
      : [
          `${FUNCTION_SOURCE}: ${name}.invoke must be true, false, "auth != null" or "auth.loginType != 'ANONYMOUS' && auth != null", found ${JSON.stringify(invoke)}`,
        ],
  )
  if (!Object.hasOwn(rule, '*'))
    problems.push(`${FUNCTION_SOURCE}: expected an entry "*" for all other functions`)
  return problems
}

export function createFunctionRules({ functionRule, log }: FunctionRulesDeps) {
  return {
    /** Throws WireError; `client` is undefined when nobody has logged in. */
    invokeFunction(name: string, client: Client | undefined): void {
      const rule = functionRule() ?? defaultRule
      const key = Object.hasOwn(rule, name) ? name : '*'
      const invoke = rule[key]?.invoke ?? false
      const isAllowed =
        typeof invoke === 'boolean' ? invoke : (expressions[withoutSpaces(invoke)]?.(client) ?? false)
      if (isAllowed) return
      const caller = (client && ownerId(client)) ?? 'nobody'
      log.warn(
        'rules',
        `call of ${name} refused: ${key}.invoke of ${FUNCTION_SOURCE} is ${JSON.stringify(invoke)}`,
        {
          function: name,
          caller,
        },
      )
      throw new WireError('PERMISSION_DENIED', 'Permission denied')
    },
  }
}
