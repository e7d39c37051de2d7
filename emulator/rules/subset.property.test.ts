/** The test that matters most: a query that is accepted finds nothing that the rule would refuse. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Doc, holds, matches, type Rule, toText } from './test-support/reading.ts'
import { isAllowed, me, rulesUnderTest } from './test-support/rules-under-test.ts'

const field = fc.constantFrom('a', 'b', 'c', 'o.x')
const scalar = fc.constantFrom<unknown>(0, 1, 2, 3, 4, 'p', 'q', true, false, null)
const value = fc.oneof(
  { weight: 5, arbitrary: scalar },
  { weight: 1, arbitrary: fc.array(scalar, { maxLength: 3 }) },
)

const atom: fc.Arbitrary<Rule> = fc.oneof(
  fc.record({
    kind: fc.constant('compare' as const),
    field,
    operator: fc.constantFrom('==', '!=', '<', '<=', '>', '>=' as const),
    constant: scalar,
  }) as fc.Arbitrary<Rule>,
  fc.record({
    kind: fc.constant('among' as const),
    field,
    constants: fc.array(scalar, { minLength: 1, maxLength: 4 }),
  }),
  fc.record({ kind: fc.constant('holds' as const), field, constant: scalar }),
  fc.record({
    kind: fc.constant('fields' as const),
    field,
    operator: fc.constantFrom('==' as const, '!=' as const),
    other: field,
  }),
)

const rule: fc.Arbitrary<Rule> = fc.letrec<{ rule: Rule }>((tie) => ({
  rule: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    atom,
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      rules: fc.tuple(tie('rule'), tie('rule')),
    }),
    fc.record({ kind: fc.constant('not' as const), rule: tie('rule') }),
  ),
})).rule

const operators = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(fc.constantFrom('$eq', '$ne', '$gt', '$gte', '$lt', '$lte'), value) },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.constantFrom('$in', '$nin', '$all'), fc.array(scalar, { maxLength: 3 })),
  },
  { weight: 1, arbitrary: fc.tuple(fc.constant('$exists'), fc.boolean()) },
  { weight: 1, arbitrary: fc.record({ $gt: scalar }).map((inner): [string, unknown] => ['$not', inner]) },
)
const condition = fc.oneof(
  { weight: 3, arbitrary: value },
  { weight: 3, arbitrary: fc.array(operators, { minLength: 1, maxLength: 2 }).map(Object.fromEntries) },
  { weight: 1, arbitrary: fc.constant(/^p/) },
)
const conditions = fc
  .array(fc.tuple(fc.oneof({ weight: 6, arbitrary: field }, fc.constant('o')), condition), {
    minLength: 1,
    maxLength: 3,
  })
  .map((entries): Doc => Object.fromEntries(entries))
const query: fc.Arbitrary<Doc> = fc.oneof(
  { weight: 3, arbitrary: conditions },
  {
    weight: 2,
    arbitrary: fc
      .tuple(conditions, fc.constantFrom('$or', '$and'), fc.array(conditions, { minLength: 1, maxLength: 3 }))
      .map(([outer, operator, parts]): Doc => ({ ...outer, [operator]: parts })),
  },
  {
    weight: 1,
    arbitrary: fc.array(conditions, { minLength: 1, maxLength: 3 }).map((parts): Doc => ({ $or: parts })),
  },
)

/** A rule, a query that has a chance to imply it, and documents that have a chance to be found. */
const cases = fc
  .record({
    rule,
    noise: query,
    shifts: fc.array(fc.constantFrom<Shift>(0, 0, 1, -1, 'loose'), { minLength: 8, maxLength: 8 }),
  })
  .chain(({ rule: given, noise, shifts }) => {
    const hint = hintOf(given, shifts)
    const asked = fc.oneof(
      { weight: 4, arbitrary: fc.constant(hint) },
      { weight: 2, arbitrary: fc.constant<Doc>({ $and: [hint, noise] }) },
      { weight: 1, arbitrary: fc.constant<Doc>({ $or: [hint, noise] }) },
      { weight: 1, arbitrary: fc.constant(noise) },
    )
    return fc.record({ given: fc.constant(given), asked, found: documentsNear(constantsOf(hint)) })
  })

/** How far a hint is from its rule: a constant more or less, or a bound with its end. */
type Shift = 0 | 1 | -1 | 'loose'

function hintOf(given: Rule, shifts: Shift[], isWanted = true): Doc {
  const [first = 0, ...others] = shifts
  const shift = first === 'loose' ? 0 : first
  const moved = (constant: unknown) => (typeof constant === 'number' ? constant + shift : constant)
  switch (given.kind) {
    case 'not':
      return hintOf(given.rule, shifts, !isWanted)
    case 'and':
    case 'or': {
      const parts = given.rules.map((part, index) => hintOf(part, others.slice(index), isWanted))
      return (given.kind === 'and') === isWanted
        ? { $and: parts }
        : shift > 0
          ? (parts[0] ?? {})
          : { $or: parts }
    }
    case 'compare': {
      const named = isWanted ? given.operator : opposite[given.operator]
      const operator = first === 'loose' ? loose[named] : named
      return { [given.field]: { [queryOperators[operator]]: moved(given.constant) } }
    }
    case 'fields':
      return { [given.field]: 1, [given.other]: (given.operator === '==') === isWanted ? 1 + shift : 2 }
    case 'among':
      return { [given.field]: { [isWanted ? '$in' : '$nin']: given.constants.slice(shift > 0 ? 1 : 0) } }
    case 'holds':
      // That a list has another thing in it does not show that this one is not.
      if (!isWanted && shift !== 0) return { [given.field]: given.constant === 0 ? 1 : 0 }
      return { [given.field]: { [isWanted ? '$eq' : '$ne']: moved(given.constant) } }
  }
}

const opposite = { '==': '!=', '!=': '==', '<': '>=', '<=': '>', '>': '<=', '>=': '<' } as const
const loose = { '==': '>=', '!=': '!=', '<': '<=', '<=': '<=', '>': '>=', '>=': '>=' } as const
const queryOperators = {
  '==': '$eq',
  '!=': '$ne',
  '<': '$lt',
  '<=': '$lte',
  '>': '$gt',
  '>=': '$gte',
} as const

function constantsOf(asked: unknown): unknown[] {
  if (typeof asked !== 'object' || asked === null) return [asked]
  return Object.values(asked).flatMap(constantsOf)
}

function documentsNear(constants: unknown[]): fc.Arbitrary<Doc[]> {
  const near = constants.flatMap((one) => (typeof one === 'number' ? [one, one + 1, one - 1] : [one]))
  const close = fc.oneof(fc.constantFrom(...(near.length > 0 ? near : [0])), scalar)
  const any = fc.oneof({ weight: 4, arbitrary: close }, fc.array(close, { maxLength: 3 }))
  const inner = fc.oneof({ weight: 3, arbitrary: fc.record({ x: any }, { requiredKeys: [] }) }, any)
  const nested = fc.oneof({ weight: 4, arbitrary: inner }, fc.array(inner, { maxLength: 2 }))
  return fc.array(fc.record({ a: any, b: any, c: any, o: nested }, { requiredKeys: [] }), {
    minLength: 30,
    maxLength: 30,
  })
}

describe('the subset principle', () => {
  it('accepts no query that finds a document which the rule refuses', async () => {
    let acceptedFinds = 0
    await fc.assert(
      fc.asyncProperty(cases, async ({ given, asked, found }) => {
        const { rules } = rulesUnderTest({ things: { read: toText(given) } })
        if (!(await isAllowed(rules.read('things', asked, me)))) return
        for (const one of found.filter((candidate) => matches(asked, candidate))) {
          acceptedFinds++
          expect(holds(given, one), `${toText(given)} of ${JSON.stringify(one)}`).toBe(true)
        }
      }),
      { numRuns: 3_000, seed: 20_260_101 },
    )
    // Or the test would hold by refusing everything.
    expect(acceptedFinds).toBeGreaterThan(1_000)
  })

  it('agrees with the rule as it is evaluated on each document that is found, lists aside', async () => {
    let acceptedFinds = 0
    await fc.assert(
      fc.asyncProperty(cases, async ({ given, asked, found }) => {
        const documents = Object.fromEntries(found.map((one, index) => [`things/${index}`, one]))
        const { rules } = rulesUnderTest({ things: { read: toText(given) }, documents })
        if (!(await isAllowed(rules.read('things', asked, me)))) return
        for (const [index, one] of found.entries()) {
          if (JSON.stringify(one).includes('[') || !matches(asked, one)) continue
          acceptedFinds++
          const byId = await isAllowed(rules.read('things', { _id: String(index) }, me))
          expect(byId, `${toText(given)} of ${JSON.stringify(one)}`).toBe(true)
        }
      }),
      { numRuns: 2_000, seed: 20_260_102 },
    )
    expect(acceptedFinds).toBeGreaterThan(300)
  })
})
