/** One operation's rule, parsed and held against the limits that the manual names. */
import { type Node, walk } from './ast.ts'
import { parse } from './parse.ts'
import { partsOf } from './parts.ts'
import { RuleSyntaxError } from './syntax-error.ts'

/** Manual "database security rules": length of an expression; manual "system functions": `get`. */
const MAX_CHARACTERS = 1_024
const MAX_GETS = 3
const MAX_GET_NESTING = 2

/** What stands for what: `resource` is the file of a storage rule. */
const namesOf = {
  database: ['auth', 'doc', 'request', 'now'],
  storage: ['auth', 'resource', 'request', 'now'],
} as const

export type RuleKind = keyof typeof namesOf

export interface Expression {
  text: string
  root: Node
  /** The sub-expressions that coverage counts, the whole rule first. */
  parts: Node[]
  /** Whether the decision depends on the document at all. */
  readsDocument: boolean
  /** Whether it depends on other documents, by get(). */
  readsOthers: boolean
}

/** Throws RuleSyntaxError. */
export function compile(rule: boolean | string, kind: RuleKind): Expression {
  const text = String(rule)
  if (text.length > MAX_CHARACTERS) {
    throw new RuleSyntaxError(
      MAX_CHARACTERS + 1,
      `a rule has at most ${MAX_CHARACTERS} characters, this one has ${text.length}`,
    )
  }
  const root = parse(text)
  const nodes = [...walk(root)]
  checkNames(nodes, kind)
  checkGets(nodes, root)
  checkTests(root)
  return {
    text,
    root,
    parts: partsOf(root),
    readsDocument: nodes.some((node) => isNamed(node, 'doc')),
    readsOthers: nodes.some(({ kind }) => kind === 'get'),
  }
}

function checkNames(nodes: Node[], kind: RuleKind): void {
  const known: readonly string[] = namesOf[kind]
  for (const node of nodes) {
    if (node.kind === 'name' && !known.includes(node.name)) {
      throw new RuleSyntaxError(node.start + 1, `there is no ${node.name} here, only ${known.join(', ')}`)
    }
    const isPlainRequest = node.kind === 'member' && isNamed(node.object, 'request')
    if (isPlainRequest && !(node.key.kind === 'literal' && node.key.value === 'data')) {
      throw new RuleSyntaxError(node.key.start + 1, 'expected request.data: a request has nothing else')
    }
  }
}

function checkGets(nodes: Node[], root: Node): void {
  const gets = nodes.filter(({ kind }) => kind === 'get')
  const beyond = gets[MAX_GETS]
  if (beyond) {
    throw new RuleSyntaxError(
      beyond.start + 1,
      `a rule has at most ${MAX_GETS} get(), this one has ${gets.length}`,
    )
  }
  for (const node of gets) {
    const literal = node.kind === 'get' && node.path.kind === 'literal' ? node.path : undefined
    if (literal && !(typeof literal.value === 'string' && /^database\.[^.]+\..+$/.test(literal.value))) {
      throw new RuleSyntaxError(literal.start + 1, "expected 'database.<collection>.<document id>'")
    }
  }
  if (nestingOf(root) > MAX_GET_NESTING) {
    throw new RuleSyntaxError(root.start + 1, `get() is nested at most ${MAX_GET_NESTING} deep`)
  }
}

function nestingOf(node: Node): number {
  const below = Math.max(
    0,
    ...[...walk(node)].filter((one) => one !== node && one.kind === 'get').map(nestingOf),
  )
  return node.kind === 'get' ? below + 1 : below
}

/** Manual "secure_resource": the result of test() must be compared with true or false, or the rule has no effect. */
function checkTests(root: Node): void {
  refuseTest(root)
  for (const node of walk(root)) {
    if (node.kind === 'not') refuseTest(node.operand)
    if (node.kind === 'logic') [node.left, node.right].forEach(refuseTest)
  }
}

function refuseTest(node: Node): void {
  if (node.kind !== 'test') return
  throw new RuleSyntaxError(node.start + 1, 'expected the result of test() to be compared: … == true')
}

function isNamed(node: Node, name: string): boolean {
  return node.kind === 'name' && node.name === name
}
