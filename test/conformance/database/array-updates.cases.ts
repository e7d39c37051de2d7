import type { DatabaseCase } from './case.ts'
import { atMatch, refuses, turns } from './update-steps.ts'

const lines = [
  { sku: 'a', n: 1 },
  { sku: 'b', n: 2 },
]

/** Update operators on arrays with their traps (manual: "Array Update Operators"). */
export const arrayUpdateCases: DatabaseCase[] = [
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
]
