/**
 * Evaluates a rule: on one document, or on all documents that a query can find. In the second case a field may be known
 * only by the query's conditions, and a comparison of it true, false, or not told. What is not told is not allowed.
 */
import { boundedTest, MatchTimeExceeded } from '../core/match-time.ts'
import { type Node, type NodeOf, rootOf } from './language/ast.ts'
import type { Expression } from './language/compile.ts'
import {
  ABSENT,
  anyOf,
  areSame,
  COMPUTED,
  type DocumentView,
  described,
  fromTruth,
  isOrdered,
  known,
  mirrored,
  negated,
  type Operand,
  type OrderOperator,
  REMOVED,
  type Truth,
} from './operand.ts'
import { isRemoved } from './request-data.ts'
import { isPlain, kindOf, show } from './values.ts'

export interface Scope {
  doc: DocumentView
  /** `auth`, `request`, `now`, `resource`: what is known of the request. */
  names: Record<string, unknown>
  getDocument(collection: string, id: string): Promise<unknown>
}

/** The rule asks for something that cannot be had, such as a member of null: it refuses. */
export class RuleFailure extends Error {
  override name = 'RuleFailure'
}

export type Outcome = 'true' | 'false' | 'error'

export interface Decision {
  allowed: boolean
  outcomes: Map<Node, Outcome>
  /** What both sides of each comparison were. */
  notes: Map<Node, string>
  /** Why evaluation ended early. */
  failure?: string
}

export async function evaluate(expression: Expression, scope: Scope): Promise<Decision> {
  const parts = new Set(expression.parts)
  const decision: Decision = { allowed: false, outcomes: new Map(), notes: new Map() }
  try {
    // Exactly true: a rule that ends in a text or a number allows nothing.
    const result = settled(await operandOf(expression.root), scope)
    decision.allowed = result.kind === 'value' && result.value === true
  } catch (error) {
    if (!(error instanceof RuleFailure)) throw error
    decision.failure = error.message
  }
  return decision

  async function operandOf(node: Node): Promise<Operand> {
    if (!parts.has(node)) return compute(node)
    try {
      const operand = await compute(node)
      decision.outcomes.set(node, truthOf(operand, scope) === true ? 'true' : 'false')
      return operand
    } catch (error) {
      decision.outcomes.set(node, 'error')
      throw error
    }
  }

  async function compute(node: Node): Promise<Operand> {
    switch (node.kind) {
      case 'literal':
        return known(node.value)
      case 'name':
        return node.name === 'doc' ? scope.doc.whole : known(scope.names[node.name])
      case 'list':
        return known(
          await Promise.all(node.items.map(async (item) => knownValue(await operandOf(item), item))),
        )
      case 'template':
        return known((await Promise.all(node.parts.map(textOfPart))).join(''))
      case 'member':
        return memberOf(node)
      case 'get':
        return known(await documentAt(node))
      case 'test':
        return testOf(node)
      case 'not':
        return fromTruth(negated(truthOf(await operandOf(node.operand), scope)))
      case 'compare':
        return fromTruth(await comparison(node))
      case 'logic':
        return fromTruth(await logic(node))
    }
  }

  async function logic({ operator, left, right }: NodeOf<'logic'>): Promise<Truth> {
    const decisive = operator === '||'
    const first = truthOf(await operandOf(left), scope)
    if (first === decisive) return decisive
    const second = truthOf(await operandOf(right), scope)
    if (second === decisive) return decisive
    return first === undefined ? undefined : second
  }

  async function memberOf(node: NodeOf<'member'>): Promise<Operand> {
    const object = await operandOf(node.object)
    const key = knownValue(await operandOf(node.key), node.key)
    if (typeof key !== 'string' && typeof key !== 'number') {
      if (key === ABSENT) throw new RuleFailure(`the caller has no ${textOf(node.key)}`)
      throw new RuleFailure(`${textOf(node.key)} is ${show(key)}, not the name of a field`)
    }
    if (object.kind === 'field') {
      // In a query such a key would be a path.
      if (/[.$]/.test(String(key))) throw new RuleFailure(`${show(key)} is not the name of a field`)
      return { kind: 'field', path: object.path === '' ? String(key) : `${object.path}.${key}` }
    }
    const value = knownValue(object, node.object)
    if (value === null || value === undefined || value === ABSENT) {
      // A path of the document that leads nowhere is undefined, as in a query; of anything else it is an error.
      if (rootOf(node) === 'doc') return known(undefined)
      throw new RuleFailure(`${textOf(node.object)} is ${value === null ? 'null' : 'undefined'}`)
    }
    const member = ownMember(value, key)
    if (member === undefined && rootOf(node) === 'request' && isRemoved(value, key)) return known(REMOVED)
    if (member === COMPUTED) {
      throw new RuleFailure(`${textOf(node)} is changed by a command other than set and remove`)
    }
    return known(member === undefined && isNamed(node.object, 'auth') ? ABSENT : member)
  }

  async function comparison(node: NodeOf<'compare'>): Promise<Truth> {
    if (node.operator === 'in') return membership(node)
    const left = settled(await operandOf(node.left), scope)
    const right = settled(await operandOf(node.right), scope)
    note(node, left, right)
    const operator = node.operator === '!=' ? '==' : node.operator
    const truth = compareOperands(operator, left, right, isNull(node.left) || isNull(node.right))
    return node.operator === '!=' ? negated(truth) : truth
  }

  function compareOperands(operator: OrderOperator, left: Operand, right: Operand, withNull: boolean): Truth {
    if (left.kind === 'untold' || right.kind === 'untold') return undefined
    if (left.kind === 'value' && right.kind === 'value') {
      return operator === '=='
        ? areSame(left.value, right.value, withNull)
        : isOrdered(operator, left.value, right.value)
    }
    const constant = left.kind === 'value' ? left.value : right.kind === 'value' ? right.value : undefined
    if (typeof constant === 'symbol') return false
    if (left.kind === 'field' && right.kind === 'value')
      return scope.doc.compare(left.path, operator, constant)
    if (left.kind === 'value' && right.kind === 'field')
      return scope.doc.compare(right.path, mirrored[operator], constant)
    return undefined
  }

  async function membership(node: NodeOf<'compare'>): Promise<Truth> {
    const item = settled(await operandOf(node.left), scope)
    if (node.right.kind === 'list') {
      const truths: Truth[] = []
      for (const candidate of node.right.items) {
        truths.push(
          compareOperands('==', item, settled(await operandOf(candidate), scope), isNull(candidate)),
        )
      }
      note(node, item, known(undefined))
      return anyOf(truths)
    }
    const list = await operandOf(node.right)
    note(node, item, list)
    if (item.kind === 'untold' || list.kind === 'untold') return undefined
    if (list.kind === 'field') {
      if (item.kind !== 'value') return undefined
      return typeof item.value === 'symbol' ? false : scope.doc.holds(list.path, item.value)
    }
    if (list.value === null || list.value === undefined) {
      if (rootOf(node.right) === 'doc') return false
      throw new RuleFailure(`${textOf(node.right)} is ${show(list.value)}, not a list`)
    }
    // As in a query, a single value is a list of one.
    const items: unknown[] = Array.isArray(list.value) ? list.value : [list.value]
    return anyOf(items.map((one) => compareOperands('==', item, known(one), false)))
  }

  async function testOf(node: NodeOf<'test'>): Promise<Operand> {
    const subject = settled(await operandOf(node.subject), scope)
    if (subject.kind !== 'value') return { kind: 'untold' }
    return known(typeof subject.value === 'string' && doesMatch(node, subject.value))
  }

  function doesMatch(node: NodeOf<'test'>, text: string): boolean {
    try {
      return boundedTest(node.pattern)(text)
    } catch (error) {
      if (!(error instanceof MatchTimeExceeded)) throw error
      throw new RuleFailure(`${textOf(node)} takes too long`)
    }
  }

  async function documentAt(node: NodeOf<'get'>): Promise<unknown> {
    const path = knownValue(await operandOf(node.path), node.path)
    const [, collection, id] = typeof path === 'string' ? (/^database\.([^.]+)\.(.+)$/.exec(path) ?? []) : []
    if (collection === undefined || id === undefined) {
      throw new RuleFailure(`${show(path)} is not database.<collection>.<document id>`)
    }
    return scope.getDocument(collection, id)
  }

  async function textOfPart(part: string | Node): Promise<string> {
    if (typeof part === 'string') return part
    const operand = await operandOf(part)
    const pin = operand.kind === 'field' ? scope.doc.pinned(operand.path) : undefined
    if (pin?.fromList) {
      throw new RuleFailure(
        `${textOf(part)} must be one value in the query, by == or by in with a single value`,
      )
    }
    const value = knownValue(operand, part)
    if (typeof value === 'string' || typeof value === 'number') return String(value)
    throw new RuleFailure(`${textOf(part)} is ${value === ABSENT ? 'absent' : show(value)}`)
  }

  /** The value of something that must be known to go on. */
  function knownValue(operand: Operand, node: Node): unknown {
    const value = settled(operand, scope)
    if (value.kind === 'value') return value.value
    throw new RuleFailure(`${textOf(node)} is not fixed by the query`)
  }

  function note(node: Node, left: Operand, right: Operand): void {
    if (node.kind !== 'compare') return
    const sides = [
      [node.left, left],
      [node.right, right],
    ] as const
    const texts = sides.flatMap(([side, operand]) =>
      side.kind === 'literal' || side.kind === 'list' ? [] : [`${textOf(side)} ${described(operand)}`],
    )
    decision.notes.set(node, texts.join('; '))
  }

  function textOf(node: Node): string {
    return expression.text.slice(node.start, node.end)
  }
}

/** A field that the query fixes to one value is that value. */
function settled(operand: Operand, scope: Scope): Operand {
  if (operand.kind !== 'field') return operand
  const pin = scope.doc.pinned(operand.path)
  return pin ? known(pin.value) : operand
}

function truthOf(operand: Operand, scope: Scope): Truth {
  const { kind, value } = { value: undefined, ...settled(operand, scope) }
  if (kind !== 'value') return undefined
  return typeof value === 'symbol' ? false : Boolean(value)
}

function ownMember(value: unknown, key: string | number): unknown {
  if (Array.isArray(value)) return /^\d+$/.test(String(key)) ? (value as unknown[])[Number(key)] : undefined
  return isPlain(value) && Object.hasOwn(value, key) ? value[key] : undefined
}

const isNull = (node: Node): boolean => node.kind === 'literal' && kindOf(node.value) === 'null'
const isNamed = (node: Node, name: string): boolean => node.kind === 'name' && node.name === name
