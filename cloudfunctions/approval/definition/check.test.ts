import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { approveNode, endNode, startNode } from '../office.fixture.ts'
import { randomContent } from './blocks.fixture.ts'
import { findProblems } from './check.ts'
import { type ContentInput, contentSchema } from './model.ts'

type Nodes = ContentInput['nodes']

function problems(nodes: Nodes, fields: ContentInput['fields'] = []): string[] {
  const found = findProblems(contentSchema.parse({ title: 'x', fields, nodes }))
  return found.map(({ nodeId, problem, about }) => [nodeId, problem, about].filter(Boolean).join(' '))
}

const ask = (id: string, next: string) => approveNode(id, ['u1'], next)
const parallel = (id: string, branches: string[], join: string) => ({
  id,
  kind: 'parallel' as const,
  title: id,
  branches,
  join,
})
const join = (id: string, next: string) => ({ id, kind: 'join' as const, next })
const condition = (id: string, next: string, otherwise?: string, field = 'days') => ({
  id,
  kind: 'condition' as const,
  title: id,
  branches: [{ title: 'long', when: { field, is: 'gt' as const, value: 3 }, next }],
  otherwise,
})
const days: ContentInput['fields'] = [{ name: 'days', title: 'Days', kind: 'number' }]

describe('a definition', () => {
  it('is whole when every way leads to an end and branches meet at their join', () => {
    expect(problems([startNode('a'), ask('a', 'end'), endNode])).toEqual([])
    expect(
      problems(
        [
          startNode('p'),
          parallel('p', ['a', 'q', 'j'], 'j'),
          ask('a', 'j'),
          parallel('q', ['b', 'c'], 'k'),
          ask('b', 'k'),
          ask('c', 'k'),
          join('k', 'j'),
          join('j', 'if'),
          condition('if', 'd', 'end'),
          ask('d', 'end'),
          endNode,
        ],
        days,
      ),
    ).toEqual([])
  })

  it.each<[string, Nodes, string[]]>([
    ['no start', [ask('a', 'end'), endNode], ['start NO_START']],
    ['two nodes of one name', [startNode('a'), ask('a', 'end'), ask('a', 'end'), endNode], ['a SAME_ID']],
    [
      'a node that leads nowhere',
      [startNode('a'), ask('a', 'gone'), endNode],
      ['a LEADS_NOWHERE gone', 'end UNREACHABLE', 'start NO_END'],
    ],
    ['a node that nothing leads to', [startNode('end'), ask('a', 'end'), endNode], ['a UNREACHABLE']],
    [
      'a circle',
      [startNode('a'), ask('a', 'b'), ask('b', 'a'), endNode],
      ['b CYCLE a', 'end UNREACHABLE', 'start NO_END'],
    ],
    ['a condition without a default', [startNode('if'), condition('if', 'end'), endNode], ['if NO_DEFAULT']],
    [
      'a branch that goes around its join',
      [
        startNode('p'),
        parallel('p', ['a', 'b'], 'j'),
        ask('a', 'j'),
        ask('b', 'end'),
        join('j', 'end'),
        endNode,
      ],
      ['end ENDS_IN_BRANCH b', 'end CROSSES_BRANCHES j'],
    ],
    [
      'a branch that leads into another',
      [
        startNode('p'),
        parallel('p', ['a', 'b'], 'j'),
        ask('a', 'b'),
        ask('b', 'j'),
        join('j', 'end'),
        endNode,
      ],
      ['b CROSSES_BRANCHES p'],
    ],
    [
      'a join of another parallel',
      [
        startNode('p'),
        parallel('p', ['q', 'b'], 'j'),
        parallel('q', ['c', 'd'], 'k'),
        ask('c', 'j'),
        ask('d', 'k'),
        ask('b', 'j'),
        join('k', 'j'),
        join('j', 'end'),
        endNode,
      ],
      ['c WRONG_JOIN j'],
    ],
    [
      'a join without a parallel',
      [startNode('j'), join('j', 'end'), endNode],
      ['start WRONG_JOIN j', 'j UNREACHABLE', 'end UNREACHABLE', 'start NO_END'],
    ],
    [
      'a parallel whose join is none',
      [startNode('p'), parallel('p', ['a', 'b'], 'end'), ask('a', 'end'), ask('b', 'end'), endNode],
      ['end ENDS_IN_BRANCH a', 'end CROSSES_BRANCHES b', 'p NO_JOIN end'],
    ],
  ])('with %s is refused, and the node is named', (_what, nodes, expected) => {
    expect(problems(nodes, days)).toEqual(expected)
  })

  it('asks only for fields that its form has, in a way that they can be asked', () => {
    const withIf = (field: string, fields: ContentInput['fields']) =>
      problems([startNode('if'), condition('if', 'end', 'end', field), endNode], fields)
    expect(withIf('weeks', days)).toEqual(['if CONDITION unknown field weeks'])
    expect(withIf('why', [{ name: 'why', title: 'Why', kind: 'text' }])).toEqual([
      'if CONDITION why cannot be asked with gt',
    ])
    const byField = { ...ask('a', 'end'), candidates: [{ by: 'field' as const, field: 'days' }] }
    expect(problems([startNode('a'), byField, endNode], days)).toEqual(['a UNKNOWN_FIELD days'])
    const inner = {
      id: 's',
      kind: 'subflow' as const,
      title: 's',
      definitionKey: 'inner',
      fields: { x: 'y' },
      next: 'end',
    }
    expect(problems([startNode('s'), inner, endNode], days)).toEqual(['s UNKNOWN_FIELD y'])
    expect(problems([startNode('end'), endNode], [...days, ...days])).toEqual(['start SAME_FIELD days'])
  })

  it('that was whole is so no longer when one of its nodes is taken out', () => {
    fc.assert(
      fc.property(randomContent, fc.nat(), (content, at) => {
        const inner = content.nodes.filter(({ kind }) => kind !== 'end')
        const gone = inner[at % inner.length]
        const nodes = content.nodes.filter((node) => node !== gone)
        expect(findProblems(content)).toEqual([])
        expect(findProblems({ ...content, nodes })).not.toEqual([])
      }),
      { numRuns: 300 },
    )
  })
})
