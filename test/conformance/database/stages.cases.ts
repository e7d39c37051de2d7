import type { DatabaseCase } from './case.ts'
import { gives, parts, refuses } from './pipelines.ts'

/** The other stages that the SDK can send, with their traps (manual: "Aggregation Pipeline Stages"). */
export const stageCases: DatabaseCase[] = [
  gives('project of what is missing leaves it out', (p) => p.match({ _id: 3 }).project({ k: 1, tags: 1 }), [
    { _id: 3, k: null },
  ]),
  gives(
    'project with nested objects',
    (p) => p.match({ _id: 1 }).project({ _id: 0, o: { k: '$k', twice: { $multiply: ['$n', 2] } } }),
    [{ o: { k: 'a', twice: 10 } }],
  ),
  gives(
    'project of a list of expressions gives null for what is missing',
    (p) => p.match({ _id: 4 }).project({ _id: 0, l: ['$n', '$k'] }),
    [{ l: [3, null] }],
  ),
  gives('project can exclude', (p) => p.match({ _id: 1 }).project({ tags: 0, k: 0 }), [{ _id: 1, n: 5 }]),
  gives(
    'project of dotted names',
    (p) => p.limit(1).project({ 'o.n': 1 }),
    [{ _id: 'p1', o: { n: 1 } }],
    parts,
  ),
  refuses('project of nothing is refused', (p) => p.project({}), /must have at least one field/),
  refuses(
    'project that both includes and excludes is refused',
    (p) => p.project({ k: 1, n: 0 }),
    /Cannot do (ex|in)clusion on field/,
  ),
  refuses(
    'project with an unknown operator is refused',
    (p) => p.project({ k: { $foo: 1 } }),
    /(Unrecognized expression|Invalid \$project).*\$foo/,
  ),
  gives(
    'addFields into objects keeps their other fields',
    (p) => p.limit(1).addFields({ 'o.m': { $add: ['$o.n', 1] } }),
    [{ _id: 'p1', for: ['a', 'b'], o: { n: 1, m: 2 } }],
    parts,
  ),
  gives('addFields replaces', (p) => p.match({ _id: 2 }).addFields({ tags: { $size: '$tags' } }), [
    { _id: 2, k: 'b', n: 7, tags: 0 },
  ]),
  gives(
    'addFields of $$REMOVE takes a field away',
    (p) => p.match({ _id: 2 }).addFields({ tags: '$$REMOVE' }),
    [{ _id: 2, k: 'b', n: 7 }],
  ),
  gives(
    'replaceRoot merges',
    (p) => p.limit(1).replaceRoot({ newRoot: { $mergeObjects: [{ n: 0, m: 0 }, '$o'] } }),
    [{ n: 1, m: 0 }],
    parts,
  ),
  refuses(
    'replaceRoot by a number is refused',
    (p) => p.replaceRoot({ newRoot: '$n' }),
    /'newRoot' expression must evaluate to an object/,
  ),

  gives(
    'unwind takes what is no list for a list of one',
    (p) => p.unwind('$tags').match({ _id: 4 }).project({ tags: 1 }),
    [{ _id: 4, tags: 'z' }],
  ),
  gives(
    'unwind tells the position',
    (p) => p.match({ _id: 1 }).unwind({ path: '$tags', includeArrayIndex: 'at' }).project({ tags: 1, at: 1 }),
    [
      { _id: 1, tags: 'x', at: 0 },
      { _id: 1, tags: 'y', at: 1 },
    ],
  ),
  gives(
    'unwind that keeps empty ones tells null for their position',
    (p) =>
      p
        .match({ _id: 2 })
        .unwind({ path: '$tags', includeArrayIndex: 'at', preserveNullAndEmptyArrays: true })
        .project({ at: 1, tags: 1 }),
    [{ _id: 2, at: null }],
  ),
  refuses(
    'unwind without a dollar is refused',
    (p) => p.unwind('tags'),
    /path option to \$unwind stage should be prefixed with a '\$'/,
  ),

  gives(
    'lookup matches any element of a list on either side',
    (p) =>
      p
        .match({ _id: 1 })
        .lookup({ from: 'parts', localField: 'k', foreignField: 'for', as: 'parts' })
        .project({ parts: 1 }),
    [{ _id: 1, parts: parts.slice(0, 2) }],
  ),
  gives(
    'lookup of a missing field matches null and missing',
    (p) =>
      p
        .match({ _id: 4 })
        .lookup({ from: 'parts', localField: 'k', foreignField: 'for', as: 'parts' })
        .project({ parts: 1 }),
    [{ _id: 4, parts: [parts[2]] }],
  ),
  gives(
    'lookup into a nested name',
    (p) =>
      p
        .match({ _id: 2 })
        .lookup({ from: 'parts', localField: 'k', foreignField: 'for', as: 'x.y' })
        .project({ x: 1 }),
    [{ _id: 2, x: { y: [parts[0]] } }],
  ),
  gives(
    'lookup by a pipeline without condition gives all',
    (p) =>
      p
        .match({ _id: 1 })
        .lookup({ from: 'parts', pipeline: [{ $project: { _id: 1 } }], as: 'ids' })
        .project({ ids: 1 }),
    [{ _id: 1, ids: [{ _id: 'p1' }, { _id: 'p2' }, { _id: 'p3' }] }],
  ),
  gives(
    'lookup by a pipeline sees what let names',
    (p) =>
      p
        .match({ _id: 4 })
        .lookup({
          from: 'parts',
          let: { least: '$n' },
          pipeline: [
            { $match: { $expr: { $gte: ['$o.n', '$$least'] } } },
            { $project: { n: { $subtract: ['$$least', '$o.n'] } } },
          ],
          as: 'l',
        })
        .project({ l: 1 }),
    [{ _id: 4, l: [{ _id: 'p3', n: 0 }] }],
  ),
  refuses(
    'lookup with an unknown variable is refused',
    (p) => p.lookup({ from: 'parts', pipeline: [{ $match: { $expr: { $eq: ['$n', '$$nope'] } } }], as: 'l' }),
    /Use of undefined variable: nope/,
  ),
  refuses(
    'lookup without as is refused',
    (p) => p.lookup({ from: 'parts', localField: 'k', foreignField: 'for' }),
    /must specify 'as' field for a \$lookup|\$lookup argument 'as' must be a string/,
  ),

  gives('sort by two fields, lists by their least', (p) => p.sort({ tags: 1, _id: -1 }).project({ _id: 1 }), [
    { _id: 2 },
    { _id: 5 },
    { _id: 3 },
    { _id: 1 },
    { _id: 4 },
  ]),
  refuses(
    'sort by 2 is refused',
    (p) => p.sort({ n: 2 }),
    /order of n must be 1 or -1|\$sort key ordering must be 1/,
  ),
  refuses('limit 0 is refused', (p) => p.limit(0), /the limit must be positive/),
  refuses(
    'skip of a negative number is refused',
    (p) => p.skip(-1),
    /Argument to \$skip cannot be negative|invalid argument to \$skip stage/,
  ),
  gives('skip beyond the end gives nothing', (p) => p.skip(99), []),
  gives(
    'sortByCount counts null and missing together',
    (p) => p.sortByCount('$k').limit(5).sort({ count: -1, _id: 1 }),
    [
      { _id: null, count: 2 },
      { _id: 'a', count: 2 },
      { _id: 'b', count: 1 },
    ],
  ),
  gives(
    'bucketAuto makes buckets of about equal size',
    (p) => p.match({ n: { $type: 'number' } }).bucketAuto({ groupBy: '$n', buckets: 2 }),
    [
      { _id: { min: 1, max: 5 }, count: 2 },
      { _id: { min: 5, max: 7 }, count: 2 },
    ],
  ),
  gives(
    'bucketAuto with accumulators of its own',
    (p) =>
      p.match({ n: { $type: 'number' } }).bucketAuto({
        groupBy: '$n',
        buckets: 1,
        output: { ids: { $push: '$_id' }, most: { $max: '$n' }, sum: { $sum: 1 } },
      }),
    [{ _id: { min: 1, max: 7 }, ids: [3, 4, 1, 2], most: 7, sum: 4 }],
  ),
  gives(
    'bucketAuto keeps equal values together',
    (p) => p.bucketAuto({ groupBy: '$v', buckets: 2 }),
    [
      { _id: { min: 1, max: 2 }, count: 3 },
      { _id: { min: 2, max: 2 }, count: 1 },
    ],
    [
      { _id: 1, v: 1 },
      { _id: 2, v: 1 },
      { _id: 3, v: 1 },
      { _id: 4, v: 2 },
    ],
  ),
  refuses(
    'bucket of a value outside of the boundaries is refused',
    (p) => p.bucket({ groupBy: '$n', boundaries: [0, 2] }),
    /\$switch could not find a matching branch/,
  ),
  refuses(
    'bucket with boundaries out of order is refused',
    (p) => p.bucket({ groupBy: '$n', boundaries: [5, 2] }),
    /'boundaries' option to \$bucket must be sorted/,
  ),
  refuses('count by a name with a dollar is refused', (p) => p.count('$n'), /count field/),
  refuses(
    'sample of a negative size is refused',
    (p) => p.sample({ size: -1 }),
    /size argument to \$sample must not be negative|argument of \$sample/,
  ),
]
