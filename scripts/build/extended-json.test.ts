import { createRequire } from 'node:module'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { repoDir } from './repo-dir.ts'

interface Ejson {
  stringify(value: unknown, options?: object): string
  parse(text: string, options?: unknown): unknown
}

const fromDatabaseSdk = createRequire(join(repoDir, 'node_modules/@cloudbase/database/package.json'))
const bson: {
  EJSON: Ejson
  Long: { fromString(text: string): unknown }
  ObjectId: new (hex: string) => unknown
} = fromDatabaseSdk('bson')
const extendedJson: (real: { EJSON: Ejson }) => Ejson = createRequire(import.meta.url)(
  './sdk-stubs/extended-json.cjs',
)

/** Fails when it is asked, so that a test can see which values need no help. */
const nobody = {
  get EJSON(): Ejson {
    throw new Error('left to bson')
  },
}
const short = extendedJson(bson)
const alone = extendedJson(nobody)

const scalars = fc.oneof(
  fc.string(),
  fc.boolean(),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double(),
  fc.date({ noInvalidDate: false }),
  fc.constantFrom(
    null,
    undefined,
    0,
    -0,
    Number.NaN,
    Infinity,
    2 ** 31,
    -(2 ** 31),
    2 ** 53,
    2 ** 63,
    -(2 ** 63),
    2 ** 64,
    /a/gi,
  ),
)
// Not $oid: from a bad one the package makes a new id, another each time.
const names = fc.oneof(
  fc.string(),
  fc.constantFrom(
    '$set',
    '$gt',
    '$date',
    '$numberInt',
    '$numberLong',
    '$numberDouble',
    '$ref',
    '$id',
    '$code',
    '__proto__',
    'toJSON',
  ),
)
const { value: documents } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    scalars,
    fc.array(tie('value')),
    fc.dictionary(names, tie('value')),
  ),
}))

/** What a call gives or throws, in a form that can be compared. */
function outcome(call: () => unknown): unknown {
  try {
    return { value: call() }
  } catch (error) {
    return { error: String(error) }
  }
}

// A $date that is none means now.
beforeAll(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
})
afterAll(() => {
  vi.useRealTimers()
})

describe('Extended JSON in a bundle', () => {
  it('writes whatever the package bson writes', () => {
    fc.assert(
      fc.property(documents, (value) => {
        const written = outcome(() => short.stringify(value, { relaxed: false }))
        expect(written).toEqual(outcome(() => bson.EJSON.stringify(value, { relaxed: false })))
      }),
      { numRuns: 2_000 },
    )
  })

  it('reads whatever the package bson reads, from canonical and from loose text', () => {
    fc.assert(
      fc.property(documents, fc.boolean(), (value, isCanonical) => {
        const text = outcome(() => bson.EJSON.stringify(value, { relaxed: !isCanonical })) as {
          value?: string
        }
        if (text.value === undefined) return
        const read = text.value
        expect(outcome(() => short.parse(read))).toEqual(outcome(() => bson.EJSON.parse(read)))
      }),
      { numRuns: 2_000 },
    )
  })

  it.each([
    '{"n":{"$numberLong":"9223372036854775807"}}',
    '{"n":{"$numberInt":"012"}}',
    '{"n":{"$numberInt":7}}',
    '{"n":{"$numberDouble":"-0.0"}}',
    '{"n":{"$numberDecimal":"1.5"}}',
    '{"_id":{"$oid":"5f1e2d3c4b5a69788796a5b4"}}',
    '{"at":{"$date":"2020-01-02T03:04:05Z"}}',
    '{"at":{"$date":{"$numberLong":"-1"}}}',
    '{"at":{"$date":{"$numberLong":"5"},"more":1}}',
    '{"r":{"$regularExpression":{"pattern":"a","options":"i"}}}',
    '{"u":{"$undefined":true}}',
    '{"b":{"$binary":{"base64":"AQI=","subType":"00"}}}',
    '{"a\\u0000b":1}',
    'not json',
  ])('reads %s as the package does', (text) => {
    expect(outcome(() => short.parse(text))).toEqual(outcome(() => bson.EJSON.parse(text)))
  })

  it('reads as a callback of Array.map, with an index for options', () => {
    expect(['{"a":{"$numberInt":"1"}}', '{"a":{"$numberInt":"2"}}'].map(short.parse)).toEqual([
      { a: 1 },
      { a: 2 },
    ])
  })

  it('writes the package’s own types as the package does', () => {
    const value = {
      id: new bson.ObjectId('5f1e2d3c4b5a69788796a5b4'),
      n: bson.Long.fromString('9223372036854775807'),
    }
    expect(short.stringify(value, { relaxed: false })).toBe(bson.EJSON.stringify(value, { relaxed: false }))
  })

  it('explains a circle as the package does', () => {
    const circle: Record<string, unknown> = {}
    circle.self = { circle }
    expect(() => short.stringify(circle, { relaxed: false })).toThrow('Converting circular structure')
  })

  it('needs no help for an ordinary document', () => {
    const document = {
      _id: 'a',
      n: 1,
      price: 1.5,
      big: 2 ** 40,
      at: new Date(5),
      tags: ['x', null, true],
      nested: { a: {} },
    }
    const text = alone.stringify(document, { relaxed: false })
    expect(text).toBe(bson.EJSON.stringify(document, { relaxed: false }))
    expect(alone.parse(text)).toEqual(document)
  })
})
