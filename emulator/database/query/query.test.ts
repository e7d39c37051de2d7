import { describe, expect, it } from 'vitest'
import { parseDocument } from '../ejson.ts'
import { compileQuery } from './compile.ts'

/** In EJSON, as queries arrive. */
const document = parseDocument(
  JSON.stringify({
    _id: 'a',
    n: 5,
    half: 0.5,
    text: 'Hello\nworld',
    nothing: null,
    at: { $date: { $numberLong: '5' } },
    yes: true,
    o: { b: 1, c: 2 },
    tags: ['x', 'y'],
    empty: [],
    items: [
      { s: 1, q: 2 },
      { s: 2, q: 5 },
    ],
    nested: [[1, 2], 3],
    bits: 6,
  }),
  'document',
)

const matching: string[] = [
  '{}',
  '{"n":5}',
  '{"n":{"$numberDouble":"5.0"}}',
  '{"n":{"$eq":5}}',
  '{"n":{"$gt":4,"$lte":5}}',
  '{"n":{"$ne":null}}',
  '{"n":{"$in":[1,5]}}',
  '{"n":{"$nin":[1,6]}}',
  '{"n":{"$not":{"$gt":7}}}',
  '{"n":{"$mod":[5,0]}}',
  '{"n":{"$type":"int"}}',
  '{"n":{"$type":"number"}}',
  '{"half":{"$type":["string","double"]}}',
  '{"text":{"$regularExpression":{"pattern":"^hello","options":"i"}}}',
  '{"text":{"$regularExpression":{"pattern":"^world","options":"mgu"}}}',
  '{"text":{"$regex":"hello.world","$options":"is"}}',
  '{"text":{"$not":{"$regularExpression":{"pattern":"z","options":""}}}}',
  '{"text":{"$in":[{"$regularExpression":{"pattern":"^H","options":""}}]}}',
  '{"nothing":null}',
  '{"missing":null}',
  '{"missing":{"$in":[null]}}',
  '{"missing":{"$gte":null}}',
  '{"missing":{"$not":{"$gt":7}}}',
  '{"missing":{"$exists":false}}',
  '{"nothing":{"$exists":true}}',
  '{"nothing":{"$type":"null"}}',
  '{"at":{"$date":{"$numberLong":"5"}}}',
  '{"at":{"$gt":{"$date":{"$numberLong":"4"}}}}',
  '{"o":{"b":1,"c":2}}',
  '{"o.b":1}',
  '{"tags":"x"}',
  '{"tags":["x","y"]}',
  '{"tags":{"$in":["y"]}}',
  '{"tags":{"$all":["y","x"]}}',
  '{"tags":{"$all":[["x","y"]]}}',
  '{"tags":{"$size":2}}',
  '{"tags.1":"y"}',
  '{"tags":{"$elemMatch":{"$gt":"x"}}}',
  '{"empty":[]}',
  '{"empty":{"$size":0}}',
  '{"items.s":2}',
  '{"items.1.s":2}',
  '{"items":{"s":1,"q":2}}',
  '{"items.s":{"$gt":1,"$lt":2}}',
  '{"items.x":null}',
  '{"items":{"$elemMatch":{"s":2,"q":{"$gt":3}}}}',
  '{"items":{"$all":[{"$elemMatch":{"s":1}},{"$elemMatch":{"q":5}}]}}',
  '{"items.q":{"$exists":true}}',
  '{"nested":[1,2]}',
  '{"nested":3}',
  '{"nested.0.1":2}',
  '{"nested":{"$elemMatch":{"$elemMatch":{"$gt":1}}}}',
  '{"bits":{"$bitsAllSet":[1,2]}}',
  '{"bits":{"$bitsAnyClear":1}}',
  '{"$and":[{"n":5},{"yes":true}]}',
  '{"$or":[{"n":1},{"yes":true}]}',
  '{"$nor":[{"n":1},{"yes":false}]}',
  '{"$expr":{"$gt":["$n","$half"]}}',
  '{"$comment":"why","n":5}',
]

const others: string[] = [
  '{"n":"5"}',
  '{"n":true}',
  '{"n":{"$gt":"a"}}',
  '{"n":{"$lt":"z"}}',
  '{"n":{"$gte":null}}',
  '{"n":{"$gt":{"$numberDouble":"NaN"}}}',
  '{"n":{}}',
  '{"missing":{"$ne":null}}',
  '{"missing":{"$nin":[null]}}',
  '{"missing":{"$lt":5}}',
  '{"nothing":{"$lt":5}}',
  '{"nothing":{"$exists":false}}',
  '{"nothing":{"$gt":null}}',
  '{"at":{"$gt":3}}',
  '{"at":5}',
  '{"o":{"c":2,"b":1}}',
  '{"o":{"b":1}}',
  '{"tags":["y","x"]}',
  '{"tags":{"$ne":"x"}}',
  '{"tags":{"$not":{"$regularExpression":{"pattern":"x","options":""}}}}',
  '{"tags":{"$all":[]}}',
  '{"tags":[]}',
  '{"tags.x":null}',
  '{"empty":null}',
  '{"empty.x":null}',
  '{"items":{"q":2,"s":1}}',
  '{"items.0.s":2}',
  '{"items.s":{"$ne":2}}',
  '{"items.s":{"$nin":[2]}}',
  '{"items.x":{"$exists":true}}',
  '{"items":{"$elemMatch":{"s":1,"q":5}}}',
  '{"nested":1}',
  '{"bits":{"$bitsAllClear":2}}',
  '{"text":{"$regularExpression":{"pattern":"^world","options":""}}}',
  '{"toString":{"$exists":true}}',
  '{"$expr":{"$lt":["$n","$half"]}}',
]

describe('a query', () => {
  it.each(matching)('matches: %s', (query) => {
    expect(compileQuery(parseDocument(query, 'query'))(document)).toBe(true)
  })

  it.each(others)('does not match: %s', (query) => {
    expect(compileQuery(parseDocument(query, 'query'))(document)).toBe(false)
  })

  it.each([
    ['{"$and":[]}', 'DATABASE_REQUEST_FAILED', '$and must be a nonempty array'],
    [
      '{"$or":[{"$numberInt":"1"}]}',
      'DATABASE_REQUEST_FAILED',
      '$or/$and/$nor entries need to be full objects',
    ],
    ['{"n":{"$foo":1}}', 'DATABASE_REQUEST_FAILED', 'unknown operator: $foo'],
    ['{"n":{"$gt":1,"x":2}}', 'DATABASE_REQUEST_FAILED', 'unknown operator: x'],
    ['{"n":{"$toString":1}}', 'DATABASE_REQUEST_FAILED', 'unknown operator: $toString'],
    ['{"$foo":1}', 'DATABASE_REQUEST_FAILED', 'unknown top level operator: $foo'],
    ['{"n":{"$in":1}}', 'DATABASE_REQUEST_FAILED', '$in needs an array'],
    ['{"n":{"$mod":[0,1]}}', 'DATABASE_REQUEST_FAILED', 'divisor cannot be 0'],
    ['{"n":{"$regex":"("}}', 'DATABASE_REQUEST_FAILED', 'Regular expression is invalid'],
    ['{"a..b":1}', 'DATABASE_REQUEST_FAILED', 'FieldPath'],
    ['{"$or":[{"at":{"$nearSphere":{}}}]}', 'DATABASE_REQUEST_FAILED', 'not allowed in this context'],
    ['{"$where":"1"}', 'DATABASE_REQUEST_FAILED', '$where'],
    ['{"$text":{}}', 'DATABASE_REQUEST_FAILED', 'Missing expected field'],
    ['{"$text":{"$search":"a"}}', 'DATABASE_REQUEST_FAILED', 'text index required'],
    ['{"n":{"$type":"nonsense"}}', 'DATABASE_REQUEST_FAILED', 'Unknown type name alias: nonsense'],
    ['{"$jsonSchema":{"format":"date"}}', 'DATABASE_REQUEST_FAILED', 'not currently supported'],
    ['{"$jsonSchema":{"foo":1}}', 'DATABASE_REQUEST_FAILED', 'Unknown $jsonSchema keyword: foo'],
    ['{"$expr":{"$foo":1}}', 'DATABASE_REQUEST_FAILED', '$foo'],
  ])('is refused: %s', (query, code, message) => {
    const compileAndRun = () => compileQuery(parseDocument(query, 'query'))(document)
    expect(compileAndRun).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    )
  })
})
