/**
 * A second, naive reading of queries and rules, for the tests only: it shares no code with the rules. A query reads a
 * document as MongoDB does. A rule holds of a document when each comparison holds of some value that MongoDB finds at
 * the path: the field itself or an element of it.
 */
export type Doc = Record<string, unknown>

export type Rule =
  | { kind: 'compare'; field: string; operator: '==' | '!=' | '<' | '<=' | '>' | '>='; constant: unknown }
  | { kind: 'fields'; field: string; operator: '==' | '!='; other: string }
  | { kind: 'among'; field: string; constants: unknown[] }
  | { kind: 'holds'; field: string; constant: unknown }
  | { kind: 'not'; rule: Rule }
  | { kind: 'and' | 'or'; rules: [Rule, Rule] }

export function toText(rule: Rule): string {
  switch (rule.kind) {
    case 'compare':
      return `doc.${rule.field} ${rule.operator} ${JSON.stringify(rule.constant)}`
    case 'fields':
      return `doc.${rule.field} ${rule.operator} doc.${rule.other}`
    case 'among':
      return `doc.${rule.field} in ${JSON.stringify(rule.constants)}`
    case 'holds':
      return `${JSON.stringify(rule.constant)} in doc.${rule.field}`
    case 'not':
      return `!(${toText(rule.rule)})`
    default:
      return `(${toText(rule.rules[0])} ${rule.kind === 'and' ? '&&' : '||'} ${toText(rule.rules[1])})`
  }
}

/** @param wanted false asks whether the rule's opposite holds */
export function holds(rule: Rule, document: Doc, wanted = true): boolean {
  switch (rule.kind) {
    case 'not':
      return holds(rule.rule, document, !wanted)
    case 'and':
    case 'or': {
      const both = rule.rules.map((part) => holds(part, document, wanted))
      return (rule.kind === 'and') === wanted ? both.every(Boolean) : both.some(Boolean)
    }
    case 'compare':
      return seenAt(document, rule.field).some(
        (value) => compares(value, rule.operator, rule.constant) === wanted,
      )
    case 'fields':
      return seenAt(document, rule.field).some((left) =>
        seenAt(document, rule.other).some((right) => compares(left, rule.operator, right) === wanted),
      )
    case 'among':
      return seenAt(document, rule.field).some(
        (value) => rule.constants.some((constant) => same(value, constant)) === wanted,
      )
    case 'holds': {
      // A list as it is: that it holds one thing does not show that it holds no other.
      const found = seenAt(document, rule.field).some((value) => same(value, rule.constant))
      return found === wanted
    }
  }
}

export function matches(query: Doc, document: Doc): boolean {
  return Object.entries(query).every(([key, condition]) => {
    if (key === '$and') return listOf(condition).every((part) => matches(part, document))
    if (key === '$or') return listOf(condition).some((part) => matches(part, document))
    const values = valuesAt(document, key)
    if (condition instanceof RegExp) return values.some((v) => typeof v === 'string' && condition.test(v))
    if (!isObject(condition) || !Object.keys(condition).some((name) => name.startsWith('$'))) {
      return values.some((value) => same(value, condition))
    }
    return Object.entries(condition).every(([operator, operand]) => meets(values, operator, operand))
  })
}

function meets(values: unknown[], operator: string, operand: unknown): boolean {
  const some = (test: (value: unknown) => boolean) => values.some(test)
  const list = Array.isArray(operand) ? operand : []
  switch (operator) {
    case '$eq':
      return some((value) => same(value, operand))
    case '$ne':
      return !some((value) => same(value, operand))
    case '$in':
      return some((value) => list.some((item) => same(value, item)))
    case '$nin':
      return !some((value) => list.some((item) => same(value, item)))
    case '$gt':
      return some((value) => compares(value, '>', operand))
    case '$gte':
      return some((value) => compares(value, '>=', operand) || (operand === null && same(value, null)))
    case '$lt':
      return some((value) => compares(value, '<', operand))
    case '$lte':
      return some((value) => compares(value, '<=', operand) || (operand === null && same(value, null)))
    case '$exists':
      return some((value) => value !== undefined) === operand
    case '$all':
      return list.every((item) => some((value) => same(value, item)))
    case '$not':
      return !Object.entries(Object(operand)).every(([inner, value]) => meets(values, inner, value))
  }
  throw new Error(`not read: ${operator}`)
}

/** What MongoDB holds a condition against: the value, its elements, and the same through lists on the way. */
function valuesAt(document: unknown, path: string): unknown[] {
  const [first = '', ...rest] = path.split('.')
  if (Array.isArray(document)) {
    const inner = document.filter(isObject).flatMap((item) => valuesAt(item, path))
    const at = /^\d+$/.test(first) && Number(first) < document.length ? document[Number(first)] : undefined
    return at === undefined ? inner : [...(rest.length ? valuesAt(at, rest.join('.')) : [at]), ...inner]
  }
  if (!isObject(document)) return [undefined]
  const value = document[first]
  if (rest.length > 0) return valuesAt(value, rest.join('.'))
  return Array.isArray(value) ? [value, ...value] : [value]
}

/** For a rule, a path that leads nowhere is undefined, through an empty list as well. */
function seenAt(document: Doc, path: string): unknown[] {
  const values = valuesAt(document, path)
  return values.length > 0 ? values : [undefined]
}

function compares(left: unknown, operator: string, right: unknown): boolean {
  if (operator === '==') return same(left, right)
  if (operator === '!=') return !same(left, right)
  const comparable =
    (typeof left === 'number' && typeof right === 'number') ||
    (typeof left === 'string' && typeof right === 'string')
  if (!comparable) return false
  const [a, b] = [left, right] as [number, number] // or two texts, which compare alike
  return operator === '<' ? a < b : operator === '<=' ? a <= b : operator === '>' ? a > b : a >= b
}

function same(left: unknown, right: unknown): boolean {
  return JSON.stringify(left ?? null) === JSON.stringify(right ?? null)
}

const listOf = (value: unknown): Doc[] => (Array.isArray(value) ? value.filter(isObject) : [])

function isObject(value: unknown): value is Doc {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
