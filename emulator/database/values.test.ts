import { Double, Long, ObjectId } from 'bson'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseDocument, parseStored, parseValue, stringify } from './ejson.ts'
import { afterPrefix, encodeKey } from './keys.ts'
import { compileProjection } from './projection.ts'
import { compare, type Value } from './values.ts'

const value: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    fc.double(),
    fc.integer({ min: -9, max: 9 }).map((n) => new Double(n)),
    fc.string({ unit: 'binary' }).filter((text) => Buffer.from(text).toString() === text),
    fc.date({ noInvalidDate: true }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(
      fc.string({ maxLength: 3 }).filter((key) => !key.startsWith('$') && key !== '__proto__'),
      tie('value'),
      {
        maxKeys: 3,
        noNullPrototype: true,
      },
    ),
  ),
})).value

describe('keys', () => {
  it('order as the values do, in both directions', () => {
    fc.assert(
      fc.property(value, value, (a, b) => {
        const order = Math.sign(compare(a, b))
        expect(Math.sign(Buffer.compare(encodeKey(a), encodeKey(b)))).toBe(order)
        expect(Math.sign(Buffer.compare(encodeKey(a, -1), encodeKey(b, -1)))).toBe(order === 0 ? 0 : -order)
      }),
      { numRuns: 2000 },
    )
  })

  it('tell where all keys with a prefix end', () => {
    expect(afterPrefix(Buffer.from([1, 2]))).toEqual(Buffer.from([1, 3]))
    expect(afterPrefix(Buffer.from([1, 0xff]))).toEqual(Buffer.from([2]))
    expect(afterPrefix(Buffer.from([0xff]))).toBeUndefined()
  })
})

describe('EJSON', () => {
  it('gives back what was stored, types included', () => {
    fc.assert(
      fc.property(value, (each) => {
        const text = stringify({ each })
        expect(stringify(parseStored(text))).toBe(text)
        expect(compare(parseDocument(text, 'text'), { each })).toBe(0)
      }),
      { numRuns: 1000 },
    )
  })

  it.each([
    ['{"$numberInt":"-0"}', 0],
    ['{"$numberLong":"5"}', 5],
    ['{"$numberLong":"9007199254740993"}', Long.fromString('9007199254740993')],
    ['{"$numberDouble":"5.0"}', new Double(5)],
    ['{"$numberDouble":"1e+300"}', 1e300],
    ['{"$numberDouble":"-Infinity"}', Number.NEGATIVE_INFINITY],
    ['{"$date":{"$numberLong":"5"}}', new Date(5)],
    ['{"$date":5}', new Date(5)],
    ['{"$date":{"$numberInt":"5"}}', new Date(5)],
    ['{"$date":"1970-01-01T00:00:00.005Z"}', new Date(5)],
    ['{"$date":"5"}', new Date(5)],
    ['{"$oid":"0123456789abcdef01234567"}', new ObjectId('0123456789abcdef01234567')],
    ['{"$tcb_server_date":{"offset":{"$numberInt":"-7"}}}', new Date(93)],
    ['{"$tcb_server_date":{}}', new Date(100)],
    ['[{"$numberInt":"1"},{"a":{"$numberInt":"2"}}]', [1, { a: 2 }]],
    ['{"$unknown":1,"b":{"$numberInt":"2"}}', { $unknown: 1, b: 2 }],
  ])('reads %s', (text, expected) => {
    expect(parseValue(text, 'text', 100)).toEqual(expected)
  })

  it.each([
    '{',
    '{"a":{"$numberInt":"x"}}',
    '{"a":{"$numberLong":"1.5"}}',
    '{"a":{"$numberDouble":"x"}}',
    '{"a":{"$date":"yesterday"}}',
    '{"a":{"$oid":"zz"}}',
    '{"a":{"$regularExpression":{}}}',
    '{"a":{"$tcb_server_date":{"offset":"soon"}}}',
    '{"__proto__":{"a":1}}',
    `${'['.repeat(200)}${']'.repeat(200)}`,
    '"text"',
  ])('refuses %s', (text) => {
    expect(() => parseDocument(text, 'data', 0)).toThrow(expect.objectContaining({ code: 'INVALID_PARAM' }))
  })
})

describe('a projection', () => {
  it.each([
    ['keeps fields and the id', '{"a":1,"c.x":true}', '{"_id":1,"a":1,"c":[{"x":1},{"x":2}]}'],
    ['keeps fields without the id', '{"a":1,"_id":0}', '{"a":1}'],
    ['drops fields', '{"a":0,"c.x":0}', '{"_id":1,"b":{"x":1,"y":2},"c":[{"y":1},{},3]}'],
    ['keeps the id alone', '{"_id":1}', '{"_id":1}'],
    ['slices', '{"a":1,"c":{"$slice":1}}', '{"_id":1,"a":1,"c":[{"x":1,"y":1}]}'],
    [
      'slices and keeps the rest',
      '{"c":{"$slice":[1,1]}}',
      '{"_id":1,"a":1,"b":{"x":1,"y":2},"c":[{"x":2}]}',
    ],
    ['slices from the end', '{"a":1,"c":{"$slice":-1}}', '{"_id":1,"a":1,"c":[3]}'],
    ['gives the first matching element', '{"c":{"$elemMatch":{"x":{"$gt":1}}}}', '{"_id":1,"c":[{"x":2}]}'],
    ['leaves out an array without match', '{"c":{"$elemMatch":{"x":9}}}', '{"_id":1}'],
  ])('%s', (_title, projection, expected) => {
    const document = parseDocument(
      '{"_id":1,"a":1,"b":{"x":1,"y":2},"c":[{"x":1,"y":1},{"x":2},3]}',
      'document',
    )
    expect(stringify(compileProjection(parseDocument(projection, 'projection'))(document))).toBe(expected)
  })

  it('cannot keep some and drop others', () => {
    expect(() => compileProjection({ a: 1, b: 0 })).toThrow('mix of inclusion and exclusion')
  })
})
