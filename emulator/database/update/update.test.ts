import { describe, expect, it } from 'vitest'
import { parseDocument, stringify } from '../ejson.ts'
import { compileUpdate } from './apply.ts'

const NOW_MS = Date.UTC(2025, 0, 1)

function apply(before: string, update: string, filter = '{}'): string {
  const document = parseDocument(before, 'before')
  const frozen = stringify(document)
  const after = compileUpdate(parseDocument(update, 'update', NOW_MS)).apply(document, {
    nowMs: NOW_MS,
    filter: parseDocument(filter, 'filter'),
  })
  expect(stringify(document)).toBe(frozen)
  return stringify(after)
}

describe('an update', () => {
  it.each([
    ['$set', '{"a":1}', '{"$set":{"b.c":2,"a":null}}', '{"a":null,"b":{"c":2}}'],
    ['$set into arrays', '{"a":[1,{"b":2}]}', '{"$set":{"a.1.b":3,"a.3":4}}', '{"a":[1,{"b":3},null,4]}'],
    [
      '$set of the server date',
      '{}',
      '{"$set":{"at":{"$tcb_server_date":{"offset":{"$numberInt":"1000"}}}}}',
      `{"at":{"$date":{"$numberLong":"${NOW_MS + 1000}"}}}`,
    ],
    ['$unset', '{"a":1,"b":{"c":1}}', '{"$unset":{"a":"","b.c":"","x.y":""}}', '{"b":{}}'],
    ['$unset in arrays', '{"a":[1,2]}', '{"$unset":{"a.0":""}}', '{"a":[null,2]}'],
    ['$inc', '{"n":1}', '{"$inc":{"n":2,"new":-1}}', '{"n":3,"new":-1}'],
    ['$inc with a fraction', '{"n":1}', '{"$inc":{"n":0.5}}', '{"n":1.5}'],
    [
      '$inc of a fraction to a whole double',
      '{"n":0.5}',
      '{"$inc":{"n":0.5}}',
      '{"n":{"$numberDouble":"1"}}',
    ],
    ['$inc past int32', '{"n":2147483647}', '{"$inc":{"n":1}}', '{"n":2147483648}'],
    [
      '$inc past what a double holds',
      '{"n":9007199254740991}',
      '{"$inc":{"n":2}}',
      '{"n":{"$numberLong":"9007199254740993"}}',
    ],
    [
      '$inc of a decimal',
      '{"n":{"$numberDecimal":"0.1"},"m":5}',
      '{"$inc":{"n":0.2,"m":{"$numberDecimal":"1E+2"}}}',
      '{"n":{"$numberDecimal":"0.3"},"m":{"$numberDecimal":"105"}}',
    ],
    [
      '$mul of a decimal',
      '{"n":{"$numberDecimal":"-1.50"}}',
      '{"$mul":{"n":3,"new":{"$numberDecimal":"2"}}}',
      '{"n":{"$numberDecimal":"-4.50"},"new":{"$numberDecimal":"0"}}',
    ],
    [
      '$inc of a decimal that is no number',
      '{"n":{"$numberDecimal":"NaN"}}',
      '{"$inc":{"n":1},"$set":{"m":1}}',
      '{"n":{"$numberDecimal":"NaN"},"m":1}',
    ],
    ['$mul', '{"n":3}', '{"$mul":{"n":2,"new":5}}', '{"n":6,"new":0}'],
    [
      '$min and $max',
      '{"a":5,"b":5}',
      '{"$min":{"a":3,"x":1},"$max":{"b":3,"y":{"$date":{"$numberLong":"1"}}}}',
      '{"a":3,"b":5,"x":1,"y":{"$date":{"$numberLong":"1"}}}',
    ],
    ['$rename', '{"a":1,"b":{"c":2}}', '{"$rename":{"a":"b.d","x":"y"}}', '{"b":{"c":2,"d":1}}'],
    ['$bit', '{"n":13}', '{"$bit":{"n":{"and":10}}}', '{"n":8}'],
    ['$push', '{"a":[1]}', '{"$push":{"a":[2],"new":1}}', '{"a":[1,[2]],"new":[1]}'],
    ['$push with $each', '{"a":[1]}', '{"$push":{"a":{"$each":[2,3]}}}', '{"a":[1,2,3]}'],
    ['$push at a position', '{"a":[1,2]}', '{"$push":{"a":{"$each":[9],"$position":0}}}', '{"a":[9,1,2]}'],
    ['$push before the end', '{"a":[1,2]}', '{"$push":{"a":{"$each":[9],"$position":-1}}}', '{"a":[1,9,2]}'],
    [
      '$push with $sort and $slice',
      '{"a":[{"s":3},{"s":1}]}',
      '{"$push":{"a":{"$each":[{"s":2}],"$sort":{"s":1},"$slice":-2}}}',
      '{"a":[{"s":2},{"s":3}]}',
    ],
    [
      '$push sorted as values',
      '{"a":[3,1]}',
      '{"$push":{"a":{"$each":[2],"$sort":-1,"$slice":2}}}',
      '{"a":[3,2]}',
    ],
    ['$pop', '{"a":[1,2,3],"b":[1,2]}', '{"$pop":{"a":1,"b":-1,"x":1}}', '{"a":[1,2],"b":[2]}'],
    [
      '$addToSet',
      '{"a":[1,{"x":1}]}',
      '{"$addToSet":{"a":{"$each":[1,2,{"x":1}]},"b":5}}',
      '{"a":[1,{"x":1},2],"b":[5]}',
    ],
    ['$pull of a value', '{"a":[1,2,1]}', '{"$pull":{"a":1}}', '{"a":[2]}'],
    ['$pull by an operator', '{"a":[1,5,3]}', '{"$pull":{"a":{"$gt":2}}}', '{"a":[1]}'],
    ['$pull by a list', '{"a":[1,5,3]}', '{"$pull":{"a":{"$in":[1,3]}}}', '{"a":[5]}'],
    [
      '$pull of documents',
      '{"a":[{"x":1,"y":1},{"x":5},7]}',
      '{"$pull":{"a":{"x":{"$lt":3}}}}',
      '{"a":[{"x":5},7]}',
    ],
    ['$pullAll', '{"a":[1,2,3,1]}', '{"$pullAll":{"a":[1,3]}}', '{"a":[2]}'],
    ['$currentDate', '{}', '{"$currentDate":{"at":true}}', `{"at":{"$date":{"$numberLong":"${NOW_MS}"}}}`],
    ['$setOnInsert of what exists', '{"a":1}', '{"$setOnInsert":{"a":2}}', '{"a":1}'],
    ['every element', '{"a":[{"n":1},{"n":2}]}', '{"$inc":{"a.$[].n":1}}', '{"a":[{"n":2},{"n":3}]}'],
    ['nothing at all', '{"a":1}', '{}', '{"a":1}'],
  ])('with %s', (_title, before, update, after) => {
    expect(apply(before, update)).toBe(after)
  })

  it.each([
    ['a field of the element', '{"items.sku":"b"}'],
    ['$elemMatch', '{"items":{"$elemMatch":{"sku":"b","n":{"$gt":1}}}}'],
    ['conditions joined by $and', '{"$and":[{"items.sku":"b"},{"items.n":{"$gte":2}}]}'],
  ])('at the matched element, found by %s', (_title, filter) => {
    const before = '{"items":[{"sku":"a","n":1},{"sku":"b","n":2}]}'
    expect(apply(before, '{"$inc":{"items.$.n":10}}', filter)).toBe(
      '{"items":[{"sku":"a","n":1},{"sku":"b","n":12}]}',
    )
  })

  it.each([
    ['an unknown operator', '{"$foo":{"a":1}}', 'Unknown modifier: $foo'],
    ['a prototype name', '{"$constructor":{"a":1}}', 'Unknown modifier'],
    ['fields without operator', '{"a":1}', 'must contain atomic operators'],
    [
      'the same path twice',
      '{"$set":{"a":1},"$inc":{"a":1}}',
      "Updating the path 'a' would create a conflict at 'a'",
    ],
    ['a path and its parent', '{"$set":{"a.b":1},"$unset":{"a":""}}', 'would create a conflict at'],
    [
      'a path and what is below it',
      '{"$set":{"a":1,"ab":1},"$unset":{"a.b.c":""}}',
      "'a.b.c' would create a conflict at 'a'",
    ],
    ['another _id', '{"$set":{"_id":2}}', "immutable field '_id'"],
    ['$inc of text', '{"$inc":{"text":1}}', 'non-numeric'],
    ['$inc of null', '{"$inc":{"nothing":1}}', 'non-numeric'],
    ['$inc by text', '{"$inc":{"n":"1"}}', 'non-numeric argument'],
    ['$inc beyond 64 bits', '{"$inc":{"long":{"$numberLong":"9223372036854775807"}}}', 'exceeds 64 bits'],
    ['$push to a number', '{"$push":{"n":1}}', "'n' must be an array"],
    ['$pop by 2', '{"$pop":{"list":2}}', '$pop expects 1 or -1'],
    ['a field below a number', '{"$set":{"n.x":1}}', 'Cannot create field'],
    ['a name in an array', '{"$set":{"list.x":1}}', 'Cannot create field'],
    ['a prototype', '{"$set":{"__proto__.x":1}}', 'invalid field name'],
    ['a positional path without match', '{"$set":{"list.$":1}}', 'positional operator'],
  ])('is refused: %s', (_title, update, message) => {
    const before =
      '{"_id":1,"n":1,"text":"x","nothing":null,"list":[1],"long":{"$numberLong":"9223372036854775807"}}'
    expect(() => apply(before, update)).toThrow(
      expect.objectContaining({ message: expect.stringContaining(message) }),
    )
  })

  it('of many fields is read in a moment', () => {
    const fields = Object.fromEntries(Array.from({ length: 30_000 }, (_, i) => [`field${i}.at`, i]))
    const startMs = performance.now()
    const after = compileUpdate({ $set: fields }).apply({ _id: 1 }, { nowMs: NOW_MS, filter: {} })
    expect(Object.keys(after)).toHaveLength(30_001)
    // Comparing each path with every other one takes many seconds.
    expect(performance.now() - startMs).toBeLessThan(2_000)
  })
})
