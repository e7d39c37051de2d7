/** The compiled rules: each text once, with a message that names file and operation when it cannot be understood. */
import { compile, type Expression, type RuleKind } from './language/compile.ts'
import { RuleSyntaxError } from './language/syntax-error.ts'
import type { SecurityRule } from './security-rule.ts'

/** A rule that cannot be used; the message names the file, the operation, the column and what was expected. */
export class RuleError extends Error {
  override name = 'RuleError'
}

const operationsOf: Record<RuleKind, readonly string[]> = {
  database: ['read', 'write', 'create', 'update', 'delete'],
  storage: ['read', 'write'],
}

/** Everything wrong with a rule, or nothing. */
export function problemsOf(rule: SecurityRule, source: string, kind: RuleKind): string[] {
  if (rule.permission !== 'CUSTOM') return []
  if (rule.rule === undefined)
    return [`${source}: CUSTOM needs a rule, such as { "read": true, "write": false }`]
  return Object.entries(rule.rule).flatMap(([operation, text]) => {
    if (!operationsOf[kind].includes(operation)) {
      return [
        `${source}: rule.${operation}: there is no such operation, only ${operationsOf[kind].join(', ')}`,
      ]
    }
    try {
      compileRule(text, source, operation, kind)
      return []
    } catch (error) {
      if (error instanceof RuleError) return [error.message]
      throw error
    }
  })
}

export interface RuleBook {
  /** The rule of an operation; `create`, `update` and `delete` fall back to `write`, and everything to false. */
  find(
    rule: SecurityRule,
    operation: string,
    source: string,
    kind: RuleKind,
  ): { key: string; expression: Expression }
}

export function createRuleBook(): RuleBook {
  const compiled = new Map<string, { text: unknown; expression: Expression }>()

  return {
    find({ rule = {} }, operation, source, kind) {
      const isWrite = ['create', 'update', 'delete'].includes(operation)
      const key =
        isWrite && !Object.hasOwn(rule, operation) && Object.hasOwn(rule, 'write') ? 'write' : operation
      const text = Object.hasOwn(rule, key) ? rule[key] : false
      const place = `${source} ${key}`
      const known = compiled.get(place)
      if (known && known.text === text) return { key, expression: known.expression }
      const expression = compileRule(text, source, key, kind)
      compiled.set(place, { text, expression })
      return { key, expression }
    },
  }
}

function compileRule(text: unknown, source: string, operation: string, kind: RuleKind): Expression {
  if (typeof text !== 'boolean' && typeof text !== 'string') {
    throw new RuleError(`${source}: rule.${operation} must be true, false or an expression`)
  }
  try {
    return compile(text, kind)
  } catch (error) {
    if (error instanceof RuleSyntaxError) {
      throw new RuleError(`${source}: rule.${operation}, ${error.message}\n  ${text}`, { cause: error })
    }
    throw error
  }
}
