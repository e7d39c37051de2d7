/** Parses the rule language: JavaScript's precedence, only what the manual of security rules lists. No code is ever run. */
import type { CompareOperator, Node } from './ast.ts'
import { RuleSyntaxError } from './syntax-error.ts'
import { type Token, tokensOf } from './tokens.ts'

export function parse(source: string, from = 0, to = source.length): Node {
  const tokens = tokensOf(source, from, to)
  let at = 0
  const node = readOr()
  if (peek().kind !== 'end') throw expected('an operator or the end of the rule')
  return node

  function peek(): Token {
    // The last token is the end, and nothing reads past it.
    return tokens[Math.min(at, tokens.length - 1)] as Token
  }

  function next(): Token {
    const token = peek()
    at++
    return token
  }

  function isSign(text: string): boolean {
    const token = peek()
    return token.kind === 'sign' && token.text === text
  }

  function expected(what: string, token = peek()): RuleSyntaxError {
    return new RuleSyntaxError(token.start + 1, `expected ${what}, found ${token.text}`)
  }

  function close(sign: string, opened: Token): number {
    if (isSign(sign)) return next().end
    throw expected(`${sign} for the ${opened.text} of column ${opened.start + 1}`)
  }

  function readOr(): Node {
    let left = readAnd()
    while (isSign('||')) left = logic('||', left, readAnd)
    return left
  }

  function readAnd(): Node {
    let left = readEquality()
    while (isSign('&&')) left = logic('&&', left, readEquality)
    return left
  }

  function logic(operator: '&&' | '||', left: Node, readRight: () => Node): Node {
    next()
    const right = readRight()
    return { kind: 'logic', operator, left, right, start: left.start, end: right.end }
  }

  function readEquality(): Node {
    let left = readRelation()
    for (;;) {
      // Nothing is converted in a comparison, so three signs mean what two mean.
      if (isSign('==') || isSign('===')) left = compare('==', left, readRelation)
      else if (isSign('!=') || isSign('!==')) left = compare('!=', left, readRelation)
      else return left
    }
  }

  function readRelation(): Node {
    let left = readUnary()
    for (;;) {
      const token = peek()
      if (token.kind === 'name' && token.text === 'in') left = compare('in', left, readUnary)
      else if (token.kind === 'sign' && isOrder(token.text)) left = compare(token.text, left, readUnary)
      else return left
    }
  }

  function compare(operator: CompareOperator, left: Node, readRight: () => Node): Node {
    next()
    const right = readRight()
    return { kind: 'compare', operator, left, right, start: left.start, end: right.end }
  }

  function readUnary(): Node {
    if (isSign('!')) {
      const { start } = next()
      const operand = readUnary()
      return { kind: 'not', operand, start, end: operand.end }
    }
    if (isSign('-')) {
      const { start } = next()
      const number = next()
      if (number.kind !== 'number') throw expected('a number', number)
      return { kind: 'literal', value: -number.value, start, end: number.end }
    }
    return readMembers()
  }

  function readMembers(): Node {
    let object = readPrimary()
    for (;;) {
      if (isSign('.')) {
        next()
        const name = next()
        if (name.kind !== 'name') throw expected('the name of a field', name)
        const key: Node = { kind: 'literal', value: name.text, start: name.start, end: name.end }
        object = { kind: 'member', object, key, start: object.start, end: name.end }
      } else if (isSign('[')) {
        const opened = next()
        const key = readOr()
        object = { kind: 'member', object, key, start: object.start, end: close(']', opened) }
      } else if (isSign('(')) {
        throw new RuleSyntaxError(
          peek().start + 1,
          `${source.slice(object.start, object.end)} cannot be called: rules have get(path) and /pattern/.test(text)`,
        )
      } else return object
    }
  }

  function readPrimary(): Node {
    const token = next()
    const { start, end } = token
    switch (token.kind) {
      case 'string':
      case 'number':
        return { kind: 'literal', value: token.value, start, end }
      case 'template':
        return {
          kind: 'template',
          parts: token.parts.map((part) =>
            typeof part === 'string' ? part : parse(source, part.start, part.end),
          ),
          start,
          end,
        }
      case 'regex':
        return readTest(token.pattern, start)
      case 'name':
        return readName(token.text, start, end)
      case 'sign':
        if (token.text === '(') {
          const inner = readOr()
          return { ...inner, start, end: close(')', token) }
        }
        if (token.text === '[') return readList(token)
    }
    throw expected('a value', token)
  }

  function readName(name: string, start: number, end: number): Node {
    if (name === 'get') {
      const opened = next()
      if (opened.text !== '(') throw expected('( after get', opened)
      const path = readOr()
      return { kind: 'get', path, start, end: close(')', opened) }
    }
    if (Object.hasOwn(constants, name)) return { kind: 'literal', value: constants[name], start, end }
    return { kind: 'name', name, start, end }
  }

  function readTest(pattern: RegExp, start: number): Node {
    for (const word of ['.', 'test', '(']) {
      const token = next()
      if (token.text !== word) throw expected('.test(text) after a pattern', token)
    }
    const opened = tokens[at - 1] as Token // the ( just read
    const subject = readOr()
    return { kind: 'test', pattern, subject, start, end: close(')', opened) }
  }

  function readList(opened: Token): Node {
    const items: Node[] = []
    while (!isSign(']')) {
      items.push(readOr())
      if (isSign(',')) next()
      else break
    }
    return { kind: 'list', items, start: opened.start, end: close(']', opened) }
  }
}

const constants: Record<string, boolean | null | undefined> = {
  true: true,
  false: false,
  null: null,
  undefined: undefined,
}

const isOrder = (sign: string): sign is '<' | '<=' | '>' | '>=' => /^[<>]=?$/.test(sign)
