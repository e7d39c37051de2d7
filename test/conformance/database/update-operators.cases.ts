import type { StoredDoc } from '../../support/raw-collection.ts'
import { type DatabaseCase, START_MS } from './case.ts'

/** One document `x` before and after an update in MongoDB's own words; the SDK passes `$` keys on as they are. */
function turns(name: string, before: StoredDoc, change: object, after: StoredDoc, updated = 1): DatabaseCase {
  return {
    name,
    items: [{ _id: 'x', ...before }],
    run: async (db) => (await db.collection('items').doc('x').update({ data: change })).stats,
    returns: { updated },
    leaves: [{ _id: 'x', ...after }],
  }
}

function refuses(name: string, before: StoredDoc, change: object, errMsg: RegExp): DatabaseCase {
  return {
    name,
    items: [{ _id: 'x', ...before }],
    run: (db) => db.collection('items').doc('x').update({ data: change }),
    fails: { errCode: -502001, errMsg, code: null },
    leaves: [{ _id: 'x', ...before }],
  }
}

/** An update through `where`, whose query says which element `$` is. */
function atMatch(
  name: string,
  before: StoredDoc,
  query: object,
  change: object,
  after: StoredDoc,
): DatabaseCase {
  return {
    name,
    items: [{ _id: 'x', ...before }],
    run: async (db) => (await db.collection('items').where(query).update({ data: change })).stats,
    returns: { updated: 1 },
    leaves: [{ _id: 'x', ...after }],
  }
}

const lines = [
  { sku: 'a', n: 1 },
  { sku: 'b', n: 2 },
]

/** Update operators of MongoDB with their traps (manual: "Update Operators"). */
export const updateOperatorCases: DatabaseCase[] = [
  turns(
    '$set through an array by position makes what is missing',
    { l: [] },
    { $set: { 'l.1.k': 1 } },
    { l: [null, { k: 1 }] },
  ),
  refuses(
    '$set through a number is refused',
    { a: 5 },
    { $set: { 'a.b': 1 } },
    /Cannot create field 'b' in element \{a: 5\}/,
  ),
  refuses(
    '$set through null is refused',
    { a: null },
    { $set: { 'a.b': 1 } },
    /Cannot create field 'b' in element \{a: null\}/,
  ),
  refuses(
    '$set of a name in an array is refused',
    { l: [1] },
    { $set: { 'l.k': 1 } },
    /Cannot create field 'k' in element \{l: \[ 1 \]\}/,
  ),
  refuses(
    '$set of another _id is refused',
    {},
    { $set: { _id: 'y' } },
    /Performing an update on the path '_id' would modify the immutable field '_id'/,
  ),
  turns('$set of the same _id is no change', {}, { $set: { _id: 'x' } }, {}, 0),
  refuses('an empty path is refused', {}, { $set: { 'a..b': 1 } }, /empty field name/),
  turns('$unset of an element leaves null', { l: [1, 2] }, { $unset: { 'l.0': '' } }, { l: [null, 2] }),
  turns('$unset of what is not there is no change', { a: 1 }, { $unset: { b: '', 'a.c': '' } }, { a: 1 }, 0),
  turns('$inc makes a missing field', {}, { $inc: { 'a.b': 3 } }, { a: { b: 3 } }),
  turns('$inc of an element', { l: [1, 2] }, { $inc: { 'l.1': -5 } }, { l: [1, -3] }),
  turns('$inc by a fraction', { n: 1 }, { $inc: { n: 0.25 } }, { n: 1.25 }),
  turns('$inc past 32 bits', { n: 2147483647 }, { $inc: { n: 1 } }, { n: 2147483648 }),
  turns('$inc by 0 is no change', { n: 1 }, { $inc: { n: 0 } }, { n: 1 }, 0),
  refuses(
    '$inc of null is refused',
    { n: null },
    { $inc: { n: 1 } },
    /Cannot apply \$inc to a value of non-numeric type\. \{_id: "x"\} has the field 'n' of non-numeric type null/,
  ),
  refuses(
    '$inc of a text is refused',
    { n: '1' },
    { $inc: { n: 1 } },
    /has the field 'n' of non-numeric type string/,
  ),
  refuses(
    '$inc by a text is refused',
    { n: 1 },
    { $inc: { n: 'x' } },
    /Cannot increment with non-numeric argument: \{n: "x"\}/,
  ),
  turns('$mul of a missing field gives 0', {}, { $mul: { n: 5 } }, { n: 0 }),
  turns('$mul by a fraction', { n: 4 }, { $mul: { n: 0.5 } }, { n: 2 }),
  refuses(
    '$mul of a list is refused',
    { n: [1] },
    { $mul: { n: 2 } },
    /has the field 'n' of non-numeric type array/,
  ),
  turns('$min goes by type: a number is less than a text', { a: 'x' }, { $min: { a: 7 } }, { a: 7 }),
  turns('$min keeps null, which is least', { a: null }, { $min: { a: 7 } }, { a: null }, 0),
  turns('$max of dates', { a: new Date(5) }, { $max: { a: new Date(9) } }, { a: new Date(9) }),
  turns('$max makes a missing field', {}, { $max: { a: 1 } }, { a: 1 }),
  turns('$rename overwrites', { a: 1, b: 2 }, { $rename: { a: 'b' } }, { b: 1 }),
  turns('$rename into an object', { a: 1 }, { $rename: { a: 'o.k' } }, { o: { k: 1 } }),
  turns('$rename of what is not there is no change', { b: 1 }, { $rename: { a: 'b' } }, { b: 1 }, 0),
  refuses(
    '$rename to itself is refused',
    { a: 1 },
    { $rename: { a: 'a' } },
    /The source and target field for \$rename must differ: a: "a"/,
  ),
  refuses(
    '$rename to a number is refused',
    { a: 1 },
    { $rename: { a: 1 } },
    /The 'to' field for \$rename must be a string: a: 1/,
  ),
  refuses(
    '$rename out of an array is refused',
    { l: [{ a: 1 }] },
    { $rename: { 'l.0.a': 'b' } },
    /The source field cannot be an array element/,
  ),
  turns('$bit with or and xor', { n: 5 }, { $bit: { n: { or: 2, xor: 1 } } }, { n: 6 }),
  turns('$bit of a missing field begins with 0', {}, { $bit: { n: { or: 4 } } }, { n: 4 }),
  refuses(
    '$bit of a fraction is refused',
    { n: 1.5 },
    { $bit: { n: { and: 1 } } },
    /Cannot apply \$bit to a value of non-integral type/,
  ),
  refuses(
    '$bit of an unknown operation is refused',
    { n: 1 },
    { $bit: { n: { nand: 1 } } },
    /The \$bit modifier only supports 'and', 'or', and 'xor', not 'nand'/,
  ),
  turns('$push of a list pushes the list', { l: [1] }, { $push: { l: [2] } }, { l: [1, [2]] }),
  turns(
    '$push at a position from the end',
    { l: [1, 2, 3] },
    { $push: { l: { $each: [9], $position: -1 } } },
    { l: [1, 2, 9, 3] },
  ),
  turns(
    '$push sorts by a nested field',
    { l: [{ k: { v: 2 } }] },
    { $push: { l: { $each: [{ k: { v: 1 } }], $sort: { 'k.v': 1 } } } },
    { l: [{ k: { v: 1 } }, { k: { v: 2 } }] },
  ),
  turns('$push slices to nothing', { l: [1] }, { $push: { l: { $each: [2], $slice: 0 } } }, { l: [] }),
  turns(
    '$push of nothing still sorts',
    { l: [3, 1, 2] },
    { $push: { l: { $each: [], $sort: 1 } } },
    { l: [1, 2, 3] },
  ),
  refuses(
    '$push onto a number is refused',
    { l: 1 },
    { $push: { l: 2 } },
    /The field 'l' must be an array but is of type int in document \{_id: "x"\}/,
  ),
  refuses(
    '$push with an unknown clause is refused',
    { l: [] },
    { $push: { l: { $each: [1], $foo: 1 } } },
    /Unrecognized clause in \$push: \$foo/,
  ),
  refuses(
    '$push with $each of no list is refused',
    { l: [] },
    { $push: { l: { $each: 1 } } },
    /The argument to \$each in \$push must be an array but it was of type: int/,
  ),
  turns('$pop of an empty list is no change', { l: [] }, { $pop: { l: 1 } }, { l: [] }, 0),
  refuses('$pop by 2 is refused', { l: [1] }, { $pop: { l: 2 } }, /\$pop expects 1 or -1, found: 2/),
  refuses(
    '$pop of a text is refused',
    { l: 'a' },
    { $pop: { l: 1 } },
    /Path 'l' contains an element of non-array type 'string'/,
  ),
  turns(
    '$addToSet minds the order of fields',
    { l: [{ a: 1, b: 2 }] },
    { $addToSet: { l: { b: 2, a: 1 } } },
    {
      l: [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ],
    },
  ),
  turns(
    '$addToSet of what is there is no change',
    { l: [1] },
    { $addToSet: { l: { $each: [1] } } },
    { l: [1] },
    0,
  ),
  turns(
    '$addToSet keeps repeats that are there already',
    { l: [1, 1] },
    { $addToSet: { l: { $each: [2, 2] } } },
    { l: [1, 1, 2] },
  ),
  refuses(
    '$addToSet to an object is refused',
    { l: {} },
    { $addToSet: { l: 1 } },
    /Cannot apply \$addToSet to non-array field\. Field named 'l' has non-array type object/,
  ),
  turns(
    '$pull of a list pulls the very list',
    { l: [[1, 2], 1, 2] },
    { $pull: { l: [1, 2] } },
    { l: [1, 2] },
  ),
  turns('$pull of null', { l: [1, null] }, { $pull: { l: null } }, { l: [1] }),
  turns(
    '$pull by a regular expression',
    { l: ['ab', 'b', 'ac'] },
    { $pull: { l: { $in: [/^a/] } } },
    { l: ['b'] },
  ),
  turns(
    '$pull within $elemMatch',
    { l: [{ t: [1, 5] }, { t: [1] }] },
    { $pull: { l: { t: { $elemMatch: { $gt: 3 } } } } },
    { l: [{ t: [1] }] },
  ),
  refuses(
    '$pull from a number is refused',
    { l: 1 },
    { $pull: { l: 1 } },
    /Cannot apply \$pull to a non-array value/,
  ),
  turns(
    '$pullAll does not look into nested lists',
    { l: [1, [1], 2] },
    { $pullAll: { l: [1] } },
    { l: [[1], 2] },
  ),
  refuses(
    '$pullAll of no list is refused',
    { l: [1] },
    { $pullAll: { l: 1 } },
    /\$pullAll requires an array argument but was given a int/,
  ),
  turns(
    '$currentDate is the time of the server',
    {},
    { $currentDate: { t: true } },
    { t: new Date(START_MS) },
  ),
  refuses(
    '$currentDate of a text is refused',
    {},
    { $currentDate: { t: 'now' } },
    /string is not valid type for \$currentDate/,
  ),
  turns('$setOnInsert does nothing to what is there', { a: 1 }, { $setOnInsert: { b: 1 } }, { a: 1 }, 0),
  turns('$[] means every element', { l: [1, 2] }, { $inc: { 'l.$[]': 10 } }, { l: [11, 12] }),
  turns(
    '$[] goes into objects',
    { l: lines },
    { $set: { 'l.$[].n': 0 } },
    {
      l: [
        { sku: 'a', n: 0 },
        { sku: 'b', n: 0 },
      ],
    },
  ),
  refuses(
    '$[name] without array filters is refused: no SDK sends any',
    { l: [1] },
    { $set: { 'l.$[e]': 1 } },
    /No array filter found for identifier 'e' in path 'l\.\$\[e\]'/,
  ),
  refuses(
    '$ without a match in the query is refused',
    { l: [1] },
    { $set: { 'l.$': 1 } },
    /The positional operator did not find the match needed from the query/,
  ),
  atMatch(
    '$ is the element that the query found',
    { l: lines },
    { 'l.sku': 'b' },
    { $inc: { 'l.$.n': 5 } },
    {
      l: [
        { sku: 'a', n: 1 },
        { sku: 'b', n: 7 },
      ],
    },
  ),
  atMatch(
    '$ is the element that $elemMatch found',
    { l: lines },
    { l: { $elemMatch: { n: { $lt: 2 } } } },
    { $set: { 'l.$.sku': 'z' } },
    {
      l: [
        { sku: 'z', n: 1 },
        { sku: 'b', n: 2 },
      ],
    },
  ),
  atMatch(
    '$ is the value that the query found',
    { l: [3, 8, 9] },
    { l: { $gt: 5 } },
    { $set: { 'l.$': 0 } },
    { l: [3, 0, 9] },
  ),
  refuses(
    'one path twice is refused',
    {},
    { $set: { a: 1 }, $inc: { a: 1 } },
    /Updating the path 'a' would create a conflict at 'a'/,
  ),
  refuses(
    'a path and one above it is refused',
    {},
    { $set: { 'a.b': 1, a: {} } },
    /Updating the path 'a' would create a conflict at 'a'/,
  ),
  refuses('an unknown operator is refused', {}, { $foo: { a: 1 } }, /Unknown modifier: \$foo/),
  refuses(
    'an operator without fields is refused',
    {},
    { $set: 5 },
    /Modifiers operate on fields but we found type int instead/,
  ),
]
