import type { Database } from '../../support/mock-sdk/database.ts'
import type { StoredDoc } from '../../support/raw-collection.ts'
import type { DatabaseCase } from './case.ts'

type Command = Database['command']

/** Ids of what `condition` finds, in order of `_id`. */
function finds(
  name: string,
  items: readonly StoredDoc[],
  condition: (_: Command, db: Database) => object,
  ids: readonly unknown[],
): DatabaseCase {
  return {
    name,
    items,
    run: async (db, _) => {
      const { data } = await db.collection('items').where(condition(_, db)).orderBy('_id', 'asc').get()
      return data.map((doc: StoredDoc) => doc._id)
    },
    returns: ids,
  }
}

const numbers = [
  { _id: 'n1', a: 1 },
  { _id: 'n2', a: 2 },
  { _id: 'n3', a: 3 },
  { _id: 'none' },
  { _id: 'nul', a: null },
  { _id: 'txt', a: '2' },
]
const pairs = [
  { _id: 'p1', a: 1, b: { c: 1, d: 'x' } },
  { _id: 'p2', a: 2, b: { c: 2, d: 'x' } },
  { _id: 'p3', a: 3, b: { d: 'x', c: 1 } },
]
const lists = [
  { _id: 'l0', tags: [] },
  { _id: 'l1', tags: ['a'] },
  { _id: 'l2', tags: ['a', 'b'] },
  { _id: 'l3', tags: ['b', 'a', 'c'] },
  { _id: 'plain', tags: 'a' },
]
const orders = [
  {
    _id: 'o1',
    lines: [
      { sku: 'x', qty: 1 },
      { sku: 'y', qty: 5 },
    ],
  },
  { _id: 'o2', lines: [{ sku: 'x', qty: 5 }] },
  { _id: 'o3', lines: [] },
]
const scores = [
  { _id: 's1', s: [1, 10] },
  { _id: 's2', s: [5] },
  { _id: 's3', s: 5 },
]
const words = [
  { _id: 'w1', w: 'Hello world' },
  { _id: 'w2', w: 'hello\nthere' },
  { _id: 'w3', w: 'bye' },
]
/** Every query command, and what MongoDB's manual says it matches. */
export const queryCases: DatabaseCase[] = [
  finds('a value matches by type and value', numbers, () => ({ a: 2 }), ['n2']),
  finds('eq is the plain value', numbers, (_) => ({ a: _.eq(2) }), ['n2']),
  finds('null matches null and missing', numbers, () => ({ a: null }), ['none', 'nul']),
  finds('neq finds other types, null and missing too', numbers, (_) => ({ a: _.neq(2) }), [
    'n1',
    'n3',
    'none',
    'nul',
    'txt',
  ]),
  finds('neq null finds what has a value', numbers, (_) => ({ a: _.neq(null) }), ['n1', 'n2', 'n3', 'txt']),
  finds('gt compares within one type only', numbers, (_) => ({ a: _.gt(1) }), ['n2', 'n3']),
  finds('gte includes the bound', numbers, (_) => ({ a: _.gte(2) }), ['n2', 'n3']),
  finds('lt excludes the bound', numbers, (_) => ({ a: _.lt(2) }), ['n1']),
  finds('lte includes the bound', numbers, (_) => ({ a: _.lte(2) }), ['n1', 'n2']),
  finds('a comparison with text compares texts', numbers, (_) => ({ a: _.gte('1') }), ['txt']),
  finds('in finds any of the values', numbers, (_) => ({ a: _.in([1, 3]) }), ['n1', 'n3']),
  finds('in with null finds missing too', numbers, (_) => ({ a: _.in([1, null]) }), ['n1', 'none', 'nul']),
  finds('in of nothing finds nothing', numbers, (_) => ({ a: _.in([]) }), []),
  finds('nin finds what has none of the values, missing too', numbers, (_) => ({ a: _.nin([1, 3]) }), [
    'n2',
    'none',
    'nul',
    'txt',
  ]),
  finds('exists(true) finds null but not missing', numbers, (_) => ({ a: _.exists(true) }), [
    'n1',
    'n2',
    'n3',
    'nul',
    'txt',
  ]),
  finds('exists(false) finds missing only', numbers, (_) => ({ a: _.exists(false) }), ['none']),
  finds(
    'mod divides numbers and leaves other types',
    numbers,
    (_) => ({ a: Reflect.apply(_.mod, _, [2, 1]) }),
    ['n1', 'n3'],
  ),
  finds('not turns a comparison round, other types included', numbers, (_) => ({ a: _.not(_.gt(1)) }), [
    'n1',
    'none',
    'nul',
    'txt',
  ]),
  finds('and on one field bounds a range', numbers, (_) => ({ a: _.gt(1).and(_.lt(3)) }), ['n2']),
  finds('comparisons chain', numbers, (_) => ({ a: _.gte(1).lte(2) }), ['n1', 'n2']),
  finds('or on one field finds either', numbers, (_) => ({ a: _.eq(1).or(_.eq(3)) }), ['n1', 'n3']),
  finds('or takes values of a field as conditions', numbers, (_) => ({ a: _.or(_.lt(2), _.gt(2)) }), [
    'n1',
    'n3',
  ]),
  finds('nor finds what meets none', numbers, (_) => ({ a: _.nor(_.eq(1), _.eq(2)) }), [
    'n3',
    'none',
    'nul',
    'txt',
  ]),
  finds(
    'two or fields of one object become one or: a bug of the SDK that users see',
    pairs,
    (_) => ({ a: _.or(_.eq(1), _.eq(9)), 'b.c': _.or(_.eq(2), _.eq(9)) }),
    ['p1', 'p2'],
  ),
  finds('where takes an or of whole conditions', pairs, (_) => _.or([{ a: 1 }, { b: { c: 2 } }]), [
    'p1',
    'p2',
  ]),
  finds('where takes an and of whole conditions', pairs, (_) => _.and([{ a: _.gt(1) }, { 'b.c': 1 }]), [
    'p3',
  ]),
  finds('several fields must all match', pairs, () => ({ a: 1, 'b.d': 'x' }), ['p1']),
  finds('a nested object is flattened to paths', pairs, () => ({ b: { c: 1 } }), ['p1', 'p3']),
  finds(
    'eq of an object compares it whole, in the order of its keys',
    pairs,
    (_) => ({ b: _.eq({ c: 1, d: 'x' }) }),
    ['p1'],
  ),
  finds('undefined among the conditions is dropped', pairs, () => ({ a: 2, zzz: undefined }), ['p2']),
  finds('expr compares two fields', pairs, (_) => _.expr(_.aggregate.gt(['$a', '$b.c'])), ['p3']),
  finds('operators of MongoDB itself pass through', pairs, () => ({ $or: [{ a: 1 }, { a: 3 }] }), [
    'p1',
    'p3',
  ]),
  finds('a value matches inside an array', lists, () => ({ tags: 'a' }), ['l1', 'l2', 'l3', 'plain']),
  finds('an array matches whole and in order', lists, () => ({ tags: ['a', 'b'] }), ['l2']),
  finds('all finds every value in any order', lists, (_) => ({ tags: _.all(['a', 'b']) }), ['l2', 'l3']),
  finds('size counts elements', lists, (_) => ({ tags: _.size(2) }), ['l2']),
  finds(
    'size 0 finds empty arrays, not missing fields',
    [...lists, { _id: 'none' }],
    (_) => ({ tags: _.size(0) }),
    ['l0'],
  ),
  finds('neq of a value excludes arrays that hold it', lists, (_) => ({ tags: _.neq('a') }), ['l0']),
  finds('an index names an element', lists, () => ({ 'tags.0': 'b' }), ['l3']),
  finds('a path goes through arrays of objects', orders, () => ({ 'lines.sku': 'y' }), ['o1']),
  finds('a path with an index goes through one element', orders, () => ({ 'lines.0.qty': 5 }), ['o2']),
  finds(
    'two paths into an array may match two elements',
    orders,
    () => ({ 'lines.sku': 'x', 'lines.qty': 5 }),
    ['o1', 'o2'],
  ),
  finds(
    'elemMatch wants one element that meets all',
    orders,
    (_) => ({ lines: _.elemMatch({ sku: 'x', qty: 5 }) }),
    ['o2'],
  ),
  finds('elemMatch takes commands inside', orders, (_) => ({ lines: _.elemMatch({ qty: _.gt(4) }) }), [
    'o1',
    'o2',
  ]),
  finds('two bounds on an array may be met by two elements', scores, (_) => ({ s: _.gt(5).and(_.lt(5)) }), [
    's1',
  ]),
  finds('a comparison matches any element', scores, (_) => ({ s: _.gte(5) }), ['s1', 's2', 's3']),
  finds('a regular expression matches text', words, () => ({ w: /world$/ }), ['w1']),
  finds('flag i ignores case', words, () => ({ w: /^HELLO/i }), ['w1', 'w2']),
  finds(
    'db.RegExp is the same',
    words,
    (_, db) => ({ w: db.RegExp({ regexp: '^hello', options: 'i' }) as object }),
    ['w1', 'w2'],
  ),
  finds(
    'flag m lets ^ match after a line break',
    words,
    (_, db) => ({ w: db.RegExp({ regexp: '^there', options: 'm' }) as object }),
    ['w2'],
  ),
  finds(
    'a regular expression does not match other types',
    [
      { _id: 'n', w: 5 },
      { _id: 't', w: '5' },
    ],
    () => ({ w: /5/ }),
    ['t'],
  ),
  finds('not takes a regular expression', words, (_) => ({ w: _.not(/hello/i) }), ['w3']),
  finds('_id in finds by ids', pairs, (_) => ({ _id: _.in(['p3', 'p1', 'zz']) }), ['p1', 'p3']),
  {
    name: 'the last where wins',
    items: pairs,
    run: async (db) =>
      (await db.collection('items').where({ a: 1 }).where({ a: 2 }).get()).data.map(
        ({ _id }: StoredDoc) => _id,
      ),
    returns: ['p2'],
  },
  {
    name: 'where refuses what is no object',
    run: (db) => db.collection('items').where('a' as unknown as object),
    fails: { message: '查询参数必须为对象', code: null },
  },
  {
    name: 'where refuses values that are all undefined: this stops a change of the whole collection',
    run: (db) => db.collection('items').where({ a: undefined, b: undefined }),
    fails: { message: '查询参数对象值不能均为undefined', code: null },
  },
  {
    name: 'or of bare values is no condition and the server refuses it',
    items: numbers,
    run: (db, _) =>
      db
        .collection('items')
        .where({ a: _.or([1, 2]) })
        .get(),
    fails: { errCode: -502001, errMsg: /^collection\.get:fail -502001 database request fail\. /, code: null },
  },
  {
    name: 'an operator that MongoDB does not know is refused',
    items: numbers,
    run: (db) =>
      db
        .collection('items')
        .where({ a: { $nonsense: 1 } })
        .get(),
    fails: {
      errCode: -502001,
      errMsg: /^collection\.get:fail -502001 database request fail\. .*\$nonsense/,
      code: null,
    },
  },
]
