import { describe, expect, it } from 'vitest'
import { checkListAppend } from './check-list-append.ts'
import type { Done, Step } from './history.ts'

let clock = 0
const append = (key: string, value: number): Step => ({ kind: 'append', key, value })
const read = (key: string, ...list: number[]): Step => ({ kind: 'read', key, list })

/** Each overlaps all others in time, unless `after` says otherwise. */
function did(steps: Step[], outcome: Done['outcome'] = 'committed'): Done {
  return { id: ++clock, steps, startedAt: 0, endedAt: 1_000, outcome }
}

function later(done: Done): Done {
  return { ...done, startedAt: 1_001, endedAt: 1_002 }
}

const kinds = (history: Done[], lists: Record<string, number[]>) =>
  new Set(checkListAppend(history, new Map(Object.entries(lists))).map(({ kind }) => kind))

describe('the checker of list appends', () => {
  it('finds nothing in a serial history', () => {
    const history = [
      did([append('x', 1)]),
      did([read('x', 1), append('y', 2)]),
      later(did([read('x', 1), read('y', 2), append('x', 3), read('x', 1, 3)])),
    ]
    expect(kinds(history, { x: [1, 3], y: [2] })).toEqual(new Set())
  })

  it('allows write skew, which snapshot isolation allows', () => {
    const history = [did([read('x'), append('y', 1)]), did([read('y'), append('x', 2)])]
    expect(kinds(history, { x: [2], y: [1] })).toEqual(new Set())
  })

  it.each<[string, Done[], Record<string, number[]>]>([
    ['duplicate append', [did([append('x', 1)])], { x: [1, 1] }],
    ['lost append', [did([append('x', 1)])], { x: [] }],
    ['aborted read', [did([append('x', 1)], 'aborted')], { x: [1] }],
    ['aborted read', [did([append('x', 1)], 'aborted'), did([read('x', 1)])], { x: [] }],
    ['intermediate read', [did([append('x', 1), append('x', 2)]), did([read('x', 1)])], { x: [1, 2] }],
    ['torn transaction', [did([append('x', 1), append('y', 2)], 'unknown')], { x: [1], y: [] }],
    ['own writes not seen', [did([append('x', 1), read('x')])], { x: [1] }],
    [
      'incompatible orders',
      [did([append('x', 1)]), did([append('x', 2)]), did([read('x', 2)])],
      { x: [1, 2] },
    ],
    [
      'write cycle',
      [did([append('x', 1), append('y', 2)]), did([append('x', 3), append('y', 4)])],
      { x: [1, 3], y: [4, 2] },
    ],
    [
      'cyclic information flow',
      [did([append('x', 1), read('y', 2)]), did([append('y', 2), read('x', 1)])],
      { x: [1], y: [2] },
    ],
    // Read skew: sees the one half of a transaction and not the other.
    [
      'not a snapshot',
      [did([append('x', 1), append('y', 2)]), did([read('x'), read('y', 2)])],
      { x: [1], y: [2] },
    ],
    // Lost update: both read the empty list, then both wrote.
    ['not a snapshot', [did([read('x'), append('x', 1)]), did([read('x'), append('x', 2)])], { x: [1, 2] }],
    // Stale read: what was acknowledged before it began is missing.
    ['not a snapshot', [did([append('x', 1)]), later(did([read('x')]))], { x: [1] }],
  ])('finds: %s', (kind, history, lists) => {
    expect(kinds(history, lists)).toContain(kind)
  })

  it('takes an unknown outcome for what the lists say', () => {
    const unknown = (steps: Step[]): Done => ({ ...did(steps, 'unknown'), endedAt: undefined })
    expect(kinds([unknown([append('x', 1)]), unknown([append('x', 2)])], { x: [2] })).toEqual(new Set())
  })
})
