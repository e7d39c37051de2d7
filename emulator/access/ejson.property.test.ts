import { EJSON } from 'bson'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseQuery, stringifyEjson } from './ejson.ts'

/** What the SDK's encoder makes of any query: canonical EJSON. */
const leaf = fc.oneof(
  fc.string(),
  fc.boolean(),
  fc.constant(null),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true }),
  fc.date({ noInvalidDate: true }),
)
const { query } = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, leaf, fc.array(tie('value'), { maxLength: 4 }), tie('query')),
  query: fc.dictionary(
    fc.oneof(fc.stringMatching(/^[a-z_.]{1,6}$/), fc.constantFrom('$and', '$gt', '$in', '$elemMatch')),
    tie('value'),
    { maxKeys: 4 },
  ),
}))

describe('a query on its way through the rules', () => {
  it('comes out as the text that came in, whatever is in it', () => {
    fc.assert(
      fc.property(query, (value) => {
        const text = EJSON.stringify(value, { relaxed: false })
        expect(stringifyEjson(parseQuery(text, 0))).toBe(text)
      }),
      { numRuns: 500 },
    )
  })
})
