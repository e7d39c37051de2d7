// biome-ignore-all lint/suspicious/noTemplateCurlyInString: rules have templates of their own
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Node } from './ast.ts'
import { compile } from './compile.ts'
import { parse } from './parse.ts'
import { RuleSyntaxError } from './syntax-error.ts'

/** The tree with every operation in brackets. */
function shape(node: Node): string {
  switch (node.kind) {
    case 'literal':
      return JSON.stringify(node.value) ?? 'undefined'
    case 'name':
      return node.name
    case 'list':
      return `[${node.items.map(shape).join(' ')}]`
    case 'template':
      return `\`${node.parts.map((part) => (typeof part === 'string' ? part : `\${${shape(part)}}`)).join('')}\``
    case 'member':
      return `(${shape(node.object)} . ${shape(node.key)})`
    case 'get':
      return `get(${shape(node.path)})`
    case 'test':
      return `${node.pattern}.test(${shape(node.subject)})`
    case 'not':
      return `(! ${shape(node.operand)})`
    case 'compare':
    case 'logic':
      return `(${shape(node.left)} ${node.operator} ${shape(node.right)})`
  }
}

describe('the rule language', () => {
  it.each([
    ['true', 'true'],
    ['auth != null', '(auth != null)'],
    ['a == 1 && b == 2 || c == 3', '(((a == 1) && (b == 2)) || (c == 3))'],
    ['a == 1 || b == 2 && c == 3', '((a == 1) || ((b == 2) && (c == 3)))'],
    ['a && (b || c)', '(a && (b || c))'],
    ['!a == b', '((! a) == b)'],
    ['!(x in [1, -2.5, 1e3,])', '(! (x in [1 -2.5 1000]))'],
    ['a < b == c', '((a < b) == c)'],
    ['a === 1 && b !== "x"', '((a == 1) && (b != "x"))'],
    ["doc.a.b['c'][0]", '((((doc . "a") . "b") . "c") . 0)'],
    ["'it\\'s'", '"it\'s"'],
    ['get(`database.B.${doc.shopId}`).owner', '(get(`database.B.${(doc . "shopId")}`) . "owner")'],
    ["get('database.a.b')[auth.uid] in [1,2]", '((get("database.a.b") . (auth . "uid")) in [1 2])'],
    ['/^pub\\/[/x]/i.test(resource.path) == true', '(/^pub\\/[/x]/i.test((resource . "path")) == true)'],
    ['doc.in.get', '((doc . "in") . "get")'],
    ['undefined == null', '(undefined == null)'],
  ])('reads %s', (text, expected) => {
    expect(shape(parse(text))).toBe(expected)
  })

  it.each([
    ['', 1, 'expected a value, found the end'],
    ['doc.a ==', 9, 'expected a value, found the end'],
    ['doc.a == 1 doc.b', 12, 'expected an operator or the end of the rule, found doc'],
    ['(doc.a == 1', 12, 'expected ) for the ( of column 1'],
    ['doc.a in [1, 2', 15, 'expected ] for the [ of column 10'],
    ['doc.', 5, 'expected the name of a field'],
    ["doc.a == 'x", 10, "a string begins here and has no closing '"],
    ['get(`database.a.${doc.b`)', 17, 'an expression of the template begins here and has no closing }'],
    ['doc.a ? 1 : 2', 7, "'?' is not part of the rule language"],
    ['doc.a = 1', 7, "'=' is not part of the rule language: a comparison is =="],
    ['doc.a + 1 == 2', 7, 'rules compare, they do not calculate'],
    ["doc.name.includes('x')", 18, 'doc.name.includes cannot be called'],
    ['get', 4, 'expected ( after get'],
    ['/a(/.test(doc.a) == true', 1, 'Invalid regular expression'],
    ['/a/ == doc.a', 5, 'expected .test(text) after a pattern, found =='],
    ['process.exit == 1', 1, 'there is no process here, only auth, doc, request, now'],
    ['resource.openid == auth.openid', 1, 'there is no resource here'],
    ['request.body.a == 1', 9, 'expected request.data'],
    ["get('things.1').a == 1", 5, "expected 'database.<collection>.<document id>'"],
    ['/a/.test(doc.a)', 1, 'expected the result of test() to be compared: … == true'],
    ['auth != null && /a/.test(doc.a)', 17, 'expected the result of test() to be compared'],
    [Array(4).fill("get('database.a.b').x == 1").join(' && '), 91, 'at most 3 get(), this one has 4'],
    ["get(get(get('database.a.b').x).y).z == 1", 1, 'nested at most 2 deep'],
    [`doc.a == '${'x'.repeat(1_020)}'`, 1_025, 'at most 1024 characters, this one has 1031'],
  ])('refuses %s at column %i', (text, column, message) => {
    const refusal = refusalOf(text)
    expect(refusal.column).toBe(column)
    expect(refusal.expectation).toContain(message)
  })

  it('understands or refuses whatever is written, and never anything else', () => {
    const words = [
      'doc',
      '.a',
      '[',
      ']',
      '(',
      ')',
      '==',
      '!',
      '&&',
      '||',
      'in',
      ' ',
      "'x'",
      '1',
      '`',
      '${',
      '}',
      '/',
      ',',
    ]
    const text = fc.oneof(
      fc.array(fc.constantFrom(...words), { maxLength: 14 }).map((chosen) => chosen.join(' ')),
      fc.string(),
      fc
        .constantFrom('(', '!', '[', 'get(', 'doc[', '-', '`${')
        .chain((word) =>
          fc.integer({ min: 0, max: 1_000 }).map((times) => word.repeat(times).slice(0, 1_024)),
        ),
    )
    fc.assert(
      fc.property(text, (written) => {
        try {
          compile(written, 'database')
        } catch (error) {
          expect(error).toBeInstanceOf(RuleSyntaxError)
        }
      }),
      { numRuns: 2_000, seed: 7 },
    )
  })

  it('takes a rule of exactly 1,024 characters, and get() within get()', () => {
    const edge = `doc.a == '${'x'.repeat(1_013)}'`
    expect(edge).toHaveLength(1_024)
    expect(compile(edge, 'database').text).toBe(edge)
    expect(() => compile("get(get('database.a.b').path).z == 1", 'database')).not.toThrow()
  })
})

function refusalOf(text: string): RuleSyntaxError {
  try {
    compile(text, 'database')
  } catch (error) {
    if (error instanceof RuleSyntaxError) return error
    throw error
  }
  throw new Error(`was taken: ${text}`)
}
