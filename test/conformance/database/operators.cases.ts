import type { StoredDoc } from '../../support/raw-collection.ts'
import type { DatabaseCase } from './case.ts'

/** Ids of what a condition in MongoDB's own words finds, in order of `_id`; the SDK passes `$` keys on as they are. */
function finds(
  name: string,
  items: readonly StoredDoc[],
  condition: object,
  ids: readonly unknown[],
): DatabaseCase {
  return {
    name,
    items,
    run: async (db) => {
      const { data } = await db.collection('items').where(condition).orderBy('_id', 'asc').get()
      return data.map((doc: StoredDoc) => doc._id)
    },
    returns: ids,
  }
}

function refuses(name: string, condition: object, errMsg: RegExp): DatabaseCase {
  return {
    name,
    items: [{ _id: 'x', a: 1 }],
    run: (db) => db.collection('items').where(condition).get(),
    fails: { errCode: -502001, errMsg, code: null },
  }
}

const kinds = [
  { _id: 'arr', v: [1, 'x'] },
  { _id: 'bool', v: true },
  { _id: 'date', v: new Date(5) },
  { _id: 'dbl', v: 1.5 },
  { _id: 'empty', v: [] },
  { _id: 'int', v: 7 },
  { _id: 'long', v: 2 ** 40 },
  { _id: 'none' },
  { _id: 'nul', v: null },
  { _id: 'obj', v: { k: null } },
  { _id: 'txt', v: 'x' },
]
const nested = [
  { _id: 'deep', a: [[1, 2], [3]] },
  { _id: 'flat', a: [1, 2] },
  { _id: 'one', a: 1 },
  { _id: 'wrapped', a: [[1]] },
]
const rows = [
  { _id: 'r1', l: [{ a: 1, b: [1, 2] }, { a: 2 }] },
  { _id: 'r2', l: [{ a: 3, b: [] }] },
  { _id: 'r3', l: { a: 1 } },
  { _id: 'r4', l: [] },
  { _id: 'r5' },
]
const bits = [
  { _id: 'b0', n: 0 },
  { _id: 'b5', n: 5 },
  { _id: 'b6', n: 6 },
  { _id: 'bf', n: 5.5 },
  { _id: 'bn', n: -1 },
]
const people = [
  { _id: 'p1', name: 'Ann', age: 30, tags: ['a', 'b'], at: { city: 'X' } },
  { _id: 'p2', name: 'Bo', age: 17.5, tags: ['a', 'a'], at: { city: 'Y', zip: '1' } },
  { _id: 'p3', name: 7, age: 30 },
]

/** Query operators of MongoDB with their traps: null, missing fields, arrays, nesting, types (manual: "Query Operators"). */
export const operatorCases: DatabaseCase[] = [
  finds('$type names a type', kinds, { v: { $type: 'date' } }, ['date']),
  finds('$type string looks into arrays', kinds, { v: { $type: 'string' } }, ['arr', 'txt']),
  finds('$type array finds arrays, empty ones too', kinds, { v: { $type: 'array' } }, ['arr', 'empty']),
  finds('$type null does not find missing fields', kinds, { v: { $type: 'null' } }, ['nul']),
  finds('$type number stands for all numbers', kinds, { v: { $type: 'number' } }, [
    'arr',
    'dbl',
    'int',
    'long',
  ]),
  finds('$type tells int, long and double apart', kinds, { v: { $type: ['long', 'double'] } }, [
    'dbl',
    'long',
  ]),
  finds('$type takes a number for a type', kinds, { v: { $type: 8 } }, ['bool']),
  finds('$type object', kinds, { v: { $type: 'object' } }, ['obj']),
  refuses('$type of an unknown name is refused', { a: { $type: 'text' } }, /Unknown type name alias: text/),
  finds(
    'null in a nested path matches null, missing and what leads nowhere',
    kinds,
    { 'v.k': null },
    ['arr', 'bool', 'date', 'dbl', 'empty', 'int', 'long', 'none', 'nul', 'obj', 'txt'].filter(
      (id) => id !== 'arr' && id !== 'empty',
    ),
  ),
  finds('$exists of a nested path', kinds, { 'v.k': { $exists: true } }, ['obj']),
  finds('$exists of an index', kinds, { 'v.1': { $exists: true } }, ['arr']),
  finds('$gt of a date finds dates only', kinds, { v: { $gt: new Date(0) } }, ['date']),
  finds('$lt of true finds false only', [...kinds, { _id: 'zfalse', v: false }], { v: { $lt: true } }, [
    'zfalse',
  ]),
  finds('$gte null finds null and missing', kinds, { v: { $gte: null } }, ['none', 'nul']),
  finds('$gt null finds nothing', kinds, { v: { $gt: null } }, []),
  finds(
    '$ne of a list excludes that very list',
    kinds,
    { v: { $ne: [] } },
    kinds.map(({ _id }) => _id).filter((id) => id !== 'empty'),
  ),
  finds('$in takes a regular expression', kinds, { v: { $in: [/^X$/i, 7] } }, ['arr', 'int', 'txt']),
  finds(
    '$nin of null excludes missing fields',
    kinds,
    { v: { $nin: [null] } },
    kinds.map(({ _id }) => _id).filter((id) => id !== 'none' && id !== 'nul'),
  ),
  finds('$not of $exists', kinds, { v: { $not: { $exists: true } } }, ['none']),
  finds(
    '$not of several conditions is the opposite of them all together',
    kinds,
    { v: { $not: { $gt: 1, $lt: 2 } } },
    kinds.map(({ _id }) => _id).filter((id) => id !== 'dbl'),
  ),
  finds('$size does not count what is no array', kinds, { v: { $size: 1 } }, []),
  refuses('$size of a negative number is refused', { a: { $size: -1 } }, /\$size may not be negative/),
  refuses('$in of no list is refused', { a: { $in: 1 } }, /\$in needs an array/),
  refuses('$all of no list is refused', { a: { $all: 1 } }, /\$all needs an array/),
  refuses('$elemMatch of no object is refused', { a: { $elemMatch: 1 } }, /\$elemMatch needs an Object/),
  refuses('$mod with one number is refused', { a: { $mod: [2] } }, /malformed mod, not enough elements/),
  refuses('$mod by zero is refused', { a: { $mod: [0, 1] } }, /divisor cannot be 0/),
  refuses('$not of a value is refused', { a: { $not: 5 } }, /\$not needs a regex or a document/),
  refuses('$options alone is refused', { a: { $options: 'i' } }, /\$options needs a \$regex/),
  refuses('a broken regular expression is refused', { a: { $regex: '(' } }, /Regular expression is invalid/),
  refuses(
    'an operator at the top that MongoDB does not know is refused',
    { $foo: 1 },
    /unknown top level operator: \$foo/,
  ),
  refuses('an empty $and is refused', { $and: [] }, /must be a nonempty array/),
  refuses('JavaScript in a query is refused', { $where: 'true' }, /\$where/),
  refuses(
    'a text search without a text index is refused',
    { $text: { $search: 'x' } },
    /text index required for \$text query/,
  ),

  finds('equality with a list of lists is exact or of one element', nested, { a: [1, 2] }, ['deep', 'flat']),
  finds('a number is found one level deep only', nested, { a: 1 }, ['flat', 'one']),
  finds('an index into an index', nested, { 'a.0.0': 1 }, ['deep', 'wrapped']),
  finds('$elemMatch of a value', nested, { a: { $elemMatch: { $gte: 2 } } }, ['flat']),
  finds('$all with nested lists', nested, { a: { $all: [[1]] } }, ['wrapped']),
  finds('$all of nothing finds nothing', nested, { a: { $all: [] } }, []),
  finds('$all with $elemMatch', rows, { l: { $all: [{ $elemMatch: { a: 1 } }, { $elemMatch: { a: 2 } }] } }, [
    'r1',
  ]),
  finds('a path goes through objects and arrays of objects', rows, { 'l.a': 1 }, ['r1', 'r3']),
  finds('a path through two arrays', rows, { 'l.b': 2 }, ['r1']),
  finds('$elemMatch does not match an object outside of an array', rows, { l: { $elemMatch: { a: 1 } } }, [
    'r1',
  ]),
  finds(
    '$elemMatch with a negation wants one element that has it',
    rows,
    { l: { $elemMatch: { a: { $ne: 1 } } } },
    ['r1', 'r2'],
  ),
  finds('a negation on a path wants no element that has it', rows, { 'l.a': { $ne: 1 } }, ['r2', 'r4', 'r5']),
  finds('null on a path into an array finds an element without the field', rows, { 'l.b': null }, [
    'r1',
    'r3',
    'r5',
  ]),
  finds('$size of a list within a list', rows, { 'l.b': { $size: 2 } }, ['r1']),
  finds('$or within $elemMatch', rows, { l: { $elemMatch: { $or: [{ a: 3 }, { b: 1 }] } } }, ['r1', 'r2']),

  finds('$bitsAllSet by a mask', bits, { n: { $bitsAllSet: 5 } }, ['b5', 'bn']),
  finds('$bitsAnySet by positions', bits, { n: { $bitsAnySet: [1, 2] } }, ['b5', 'b6', 'bn']),
  finds('$bitsAllClear', bits, { n: { $bitsAllClear: [0] } }, ['b0', 'b6']),
  finds('$bitsAnyClear', bits, { n: { $bitsAnyClear: 6 } }, ['b0', 'b5']),

  finds(
    '$jsonSchema: required and types',
    people,
    { $jsonSchema: { required: ['name', 'tags'], properties: { name: { bsonType: 'string' } } } },
    ['p1', 'p2'],
  ),
  finds(
    '$jsonSchema: numbers in bounds',
    people,
    { $jsonSchema: { properties: { age: { minimum: 18, maximum: 30, exclusiveMaximum: false } } } },
    ['p1', 'p3'],
  ),
  finds(
    '$jsonSchema: an exclusive bound',
    people,
    { $jsonSchema: { properties: { age: { maximum: 30, exclusiveMaximum: true } } } },
    ['p2'],
  ),
  finds(
    '$jsonSchema: a constraint of another type does not apply',
    people,
    { $jsonSchema: { properties: { name: { minLength: 3 } } } },
    ['p1', 'p3'],
  ),
  finds(
    '$jsonSchema: items and uniqueItems',
    people,
    {
      $jsonSchema: {
        required: ['tags'],
        properties: { tags: { uniqueItems: true, items: { type: 'string' } } },
      },
    },
    ['p1'],
  ),
  finds(
    '$jsonSchema: no additional properties',
    people,
    {
      $jsonSchema: {
        required: ['at'],
        properties: { at: { properties: { city: {} }, additionalProperties: false } },
      },
    },
    ['p1'],
  ),
  finds(
    '$jsonSchema: anyOf, not and enum',
    people,
    { $jsonSchema: { anyOf: [{ properties: { name: { enum: ['Bo', 7] } } }], not: { required: ['tags'] } } },
    ['p3'],
  ),
  finds(
    '$jsonSchema: dependencies',
    people,
    {
      $jsonSchema: {
        dependencies: { at: ['tags'] },
        properties: { at: { dependencies: { zip: ['street'] } } },
      },
    },
    ['p1', 'p3'],
  ),
  finds(
    '$jsonSchema: a pattern',
    people,
    { $jsonSchema: { properties: { name: { pattern: '^A', bsonType: 'string' } } } },
    ['p1'],
  ),
  refuses(
    '$jsonSchema: an unknown keyword is refused',
    { $jsonSchema: { foo: 1 } },
    /Unknown \$jsonSchema keyword: foo/,
  ),

  finds(
    '$expr compares fields of one document',
    people,
    { $expr: { $eq: [{ $size: { $ifNull: ['$tags', []] } }, 0] } },
    ['p3'],
  ),
  finds('$expr beside other conditions', people, { age: 30, $expr: { $isArray: '$tags' } }, ['p1']),
  finds('$comment means nothing', people, { age: 30, $comment: 'why' }, ['p1', 'p3']),
  finds('$nor of whole conditions', people, { $nor: [{ age: 30 }, { name: 'Zed' }] }, ['p2']),
  finds(
    '$regex with the option x ignores layout',
    people,
    { name: { $regex: '^ A # first\n nn', $options: 'x' } },
    ['p1'],
  ),
  finds(
    '$regex with the option s lets a dot match a line break',
    [{ _id: 'x', t: 'a\nb' }],
    { t: { $regex: 'a.b', $options: 's' } },
    ['x'],
  ),
]
