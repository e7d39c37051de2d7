// biome-ignore-all lint/suspicious/noTemplateCurlyInString: rules have templates of their own
import { describe, expect, it } from 'vitest'
import {
  anonymous,
  isAllowed,
  me,
  NOW_MS,
  nobody,
  other,
  rulesUnderTest,
  webUser,
} from './test-support/rules-under-test.ts'

type Doc = Record<string, unknown>

describe('a query under a rule', () => {
  /** rule, query, allowed; asked by a mini program user whose openid is `me`. */
  it.each<[string, Doc, boolean]>([
    // the manual's own examples
    ['doc.age > 10', { age: { $gt: 15 } }, true],
    ['doc.age > 10', { age: { $gt: 8 } }, false],
    ['doc._openid == auth.openid', { _id: 'x', _openid: '{openid}' }, true],
    ['doc._openid == auth.openid', { _openid: '{openid}' }, true],
    ['doc._openid == auth.openid', { _openid: 'other' }, false],
    ['doc._openid == auth.openid', {}, false],
    ['doc.published == true || doc.author == auth.openid', { published: true }, true],
    ['doc.published == true || doc.author == auth.openid', { author: '{openid}' }, true],
    ['doc.published == true || doc.author == auth.openid', { author: 'other' }, false],
    ['doc.userId == auth.openid || doc.userId == auth.uid', { userId: '{openid}' }, true],
    [
      'now >= doc.startTime && now <= doc.endTime',
      { startTime: { $lte: NOW_MS }, endTime: { $gte: NOW_MS } },
      true,
    ],
    ['now >= doc.startTime && now <= doc.endTime', { startTime: { $lte: NOW_MS } }, false],
    ['doc.until > now', { until: { $gt: new Date(NOW_MS) } }, true],
    // constants and lists
    ['true', {}, true],
    ['false', {}, false],
    ["'text'", {}, false],
    ['doc.x in [1, 2, 3]', { x: 2 }, true],
    ['doc.x in [1, 2, 3]', { x: { $in: [1, 3] } }, true],
    ['doc.x in [1, 2, 3]', { x: { $in: [1, 4] } }, false],
    ['doc.x in [1, 2, 3]', { x: { $gt: 0, $lt: 4 } }, false],
    ['!(doc.x in [1, 2])', { x: { $nin: [1, 2, 5] } }, true],
    ['!(doc.x in [1, 2])', { x: { $nin: [1] } }, false],
    ['!(doc.x in [1, 2])', { x: { $gte: 3 } }, true],
    ["doc.state != 'gone'", { state: 'here' }, true],
    ["doc.state != 'gone'", { state: { $ne: 'gone' } }, true],
    ["doc.state != 'gone'", { state: { $in: ['here', 'gone'] } }, false],
    ['doc.x == 1 || doc.x == 2', { x: { $in: [1, 2] } }, true],
    ['doc.x == 1 || doc.x == 2', { $or: [{ x: 1 }, { x: 2 }] }, true],
    ['doc.x == 1 || doc.x == 2', { $or: [{ x: 1 }, { y: 2 }] }, false],
    ['doc.x >= 5', { $and: [{ y: 1 }, { x: { $gte: 5 } }] }, true],
    ['doc.x > 5', { x: { $gte: 5 } }, false],
    ['doc.x <= 5', { x: { $lt: 5 } }, true],
    ["doc.name > 'b'", { name: { $gt: 'c' } }, true],
    ["doc.x != 'text'", { x: { $gt: 5 } }, true],
    ['doc.x', { x: true }, true],
    ['!doc.hidden', { hidden: false }, true],
    ['!doc.hidden', {}, false],
    // lists in documents
    ['auth.openid in doc.members', { members: '{openid}' }, true],
    ['auth.openid in doc.members', { members: 'other' }, false],
    ["!('other' in doc.members)", { members: '{openid}' }, false],
    ["!('other' in doc.members)", { members: { $ne: 'other' } }, true],
    ['auth.openid in [doc.buyer, doc.seller]', { seller: 'me' }, true],
    ['auth.openid in [doc.buyer, doc.seller]', { buyer: 'other' }, false],
    // fields against fields, and within
    ['doc.a == doc.b', { a: 1, b: 1 }, true],
    ['doc.a == doc.b', { a: 1 }, false],
    ['doc.owner.id == auth.openid', { 'owner.id': 'me' }, true],
    ['doc.owner.id == auth.openid', { owner: { id: 'me' } }, true],
    // operators that rules do not read
    ['doc.x == 1', { x: { $exists: true } }, false],
    ['doc.x != null', { x: { $exists: true } }, false],
    ["doc.name != 'b'", { name: /^a/ }, false],
    ['doc.x == 1', { x: { $not: { $ne: 1 } } }, false],
    ['doc.x == 1', { $nor: [{ x: { $ne: 1 } }] }, false],
    ['doc.x == 1', { x: 1, tags: { $size: 2 } }, true],
    // that finds nothing says nothing
    ['doc.x == 1', { x: { $in: [] } }, false],
    ['false', { x: { $in: [] } }, false],
  ])('%s of %j: %s', async (read, query, expected) => {
    const { rules } = rulesUnderTest({ things: { read } })
    expect(await isAllowed(rules.read('things', query, me))).toBe(expected)
  })

  it('is refused at once when it has too many conditions, and a pattern that never ends refuses', async () => {
    const { rules } = rulesUnderTest({
      things: { read: 'doc.age > 10', update: '/^(a+)+$/.test(request.data.name) == true' },
    })
    const many = Array.from({ length: 40_000 }, (_, i) => i)
    const hostile = [
      { $and: many.map((n) => ({ n })) },
      { n: { $nin: many } },
      { kind: { $in: many.slice(0, 1_000) }, n: { $nin: many.slice(0, 5_000) } },
    ]
    const startedMs = performance.now()
    for (const query of hostile) expect(await isAllowed(rules.read('things', query, me))).toBe(false)
    const change = { $set: { name: `${'a'.repeat(40)}!` } }
    expect(await isAllowed(rules.update('things', { _id: 'x' }, change, me))).toBe(false)
    expect(performance.now() - startedMs).toBeLessThan(3_000)
  })

  it('is refused when it has too many alternatives to be judged', async () => {
    const { rules, log } = rulesUnderTest({ things: { read: 'doc.a > 0' } })
    const numbers = Array.from({ length: 40 }, (_, index) => index + 1)
    expect(await isAllowed(rules.read('things', { a: { $in: numbers }, b: { $in: numbers } }, me))).toBe(
      false,
    )
    expect(log.recent()[0]?.message).toContain('too many alternatives')
  })
})

describe('an operation on one document by its id', () => {
  const documents = { 'things/1': { _id: '1', _openid: 'me', n: 1 }, 'things/2': { _id: '2', n: 1 } }

  it('reads the document and evaluates the rule on it', async () => {
    const { rules, reads } = rulesUnderTest({ things: { read: 'doc._openid == auth.openid' }, documents })
    expect(await isAllowed(rules.read('things', { _id: '1' }, me))).toBe(true)
    expect(await isAllowed(rules.read('things', { _id: '1' }, other))).toBe(false)
    expect(await isAllowed(rules.remove('things', { _id: '1' }, me))).toBe(false)
    expect(reads).toEqual(['things/1', 'things/1'])
  })

  it('reads nothing when the rule does not ask for the document', async () => {
    const { rules, reads } = rulesUnderTest({ things: { read: 'auth != null' }, documents })
    expect(await isAllowed(rules.read('things', { _id: '1' }, nobody))).toBe(false)
    expect(await isAllowed(rules.read('things', { _id: '1' }, me))).toBe(true)
    expect(reads).toEqual([])
  })

  it('does not take an identity that nobody has for a field that is not there', async () => {
    const { rules } = rulesUnderTest({
      things: {
        read: 'doc._openid == auth.openid',
        update: 'doc._openid == auth.openid || doc.uid == auth.uid',
      },
      documents,
    })
    expect(await isAllowed(rules.read('things', { _id: '2' }, webUser))).toBe(false)
    expect(await isAllowed(rules.update('things', { _id: '2' }, { $set: { n: 2 } }, me))).toBe(false)
  })
})

describe('an update', () => {
  const rule =
    'auth.openid == doc.owner && (doc.price == request.data.price || request.data.price == undefined)'
  const documents = { 'things/1': { _id: '1', owner: 'me', price: 5, note: 'old' } }

  it.each<[Doc, boolean]>([
    [{ $set: { note: 'new' } }, true],
    [{ $set: { price: 5 } }, true],
    [{ $set: { price: 6 } }, false],
    [{ $set: { 'price.amount': 6 } }, false],
    [{ $unset: { price: '' } }, false],
    [{ $unset: { note: '' } }, true],
    [{ $inc: { price: 1 } }, false],
    [{ $rename: { note: 'price' } }, false],
    [{ $inc: { count: 1 } }, true],
    [{ owner: 'me', price: 5 }, true],
    [{ owner: 'me' }, false],
    [{ $set: { _openid: 'other' } }, false],
    [{ $unset: { _openid: '' } }, false],
    [{ price: 5, _openid: 'other' }, false],
  ])('%j by id: %s', async (change, expected) => {
    const { rules } = rulesUnderTest({ things: { update: rule }, documents })
    expect(await isAllowed(rules.update('things', { _id: '1' }, change, me))).toBe(expected)
  })

  it.each<[Doc, boolean]>([
    [{ $set: { a: {} } }, false],
    [{ $set: { a: { d: 1 } } }, false],
    [{ $set: { a: { b: { d: 1 } } } }, false],
    [{ $set: { 'a.b': {} } }, false],
    [{ $set: { 'a.b': 'text' } }, false],
    [{ $set: { 'a.b': [] } }, false],
    [{ $unset: { 'a.b': '' } }, false],
    [{ a: {} }, false],
    [{ $set: { 'a.b.d': 1 } }, true],
    [{ $set: { 'a.d': { b: 1 } } }, true],
    [{ $set: { a: { b: { c: 1 } } } }, false],
  ])('%j leaves what is nested alone: %s', async (change, expected) => {
    const nested = 'request.data.a.b == undefined || request.data.a.b.c == undefined'
    const { rules } = rulesUnderTest({
      things: { update: nested },
      documents: { 'things/1': { _id: '1', a: { b: { c: 1 } } } },
    })
    expect(await isAllowed(rules.update('things', { _id: '1' }, change, me))).toBe(expected)
  })

  it('of a whole object by a query may take away whatever was in it', async () => {
    const { rules } = rulesUnderTest({ things: { update: 'request.data.a.b == undefined' } })
    const update = (change: Doc) => isAllowed(rules.update('things', { n: 1 }, change, me))
    expect(await update({ $set: { a: { d: 1 } } })).toBe(false)
    expect(await update({ $set: { 'a.d': 1 } })).toBe(true)
  })

  it('by a query is held against the query and the data', async () => {
    const { rules } = rulesUnderTest({ things: { write: rule }, documents })
    const update = (query: Doc, change: Doc) => isAllowed(rules.update('things', query, change, me))
    expect(await update({ owner: '{openid}' }, { $set: { note: 'new' } })).toBe(true)
    expect(await update({ owner: '{openid}' }, { $set: { price: 6 } })).toBe(false)
    expect(await update({ owner: '{openid}', price: 6 }, { $set: { price: 6 } })).toBe(true)
    expect(await update({ note: 'old' }, { $set: { note: 'new' } })).toBe(false)
    expect(await update({ owner: '{openid}' }, { owner: 'me', price: 5 })).toBe(false)
  })

  it('that replaces what is not there is a creation', async () => {
    const { rules } = rulesUnderTest({ things: { update: true, create: "doc.kind == 'note'" } })
    expect(await isAllowed(rules.update('things', { _id: '9' }, { kind: 'note' }, me))).toBe(true)
    expect(await isAllowed(rules.update('things', { _id: '9' }, { kind: 'order' }, me))).toBe(false)
  })
})

describe('a creation', () => {
  it('is held against the new document with its owner in it', async () => {
    const { rules } = rulesUnderTest({
      things: { create: "doc._openid == auth.openid && doc.kind == 'note'" },
    })
    expect(await rules.create('things', { kind: 'note', author: '{openid}' }, me)).toEqual({
      kind: 'note',
      author: 'me',
      _openid: 'me',
    })
    expect(await isAllowed(rules.create('things', { kind: 'order' }, me))).toBe(false)
    expect(await isAllowed(rules.create('things', { kind: 'note', _openid: 'other' }, me))).toBe(false)
  })

  it('by a web login stamps the uid', async () => {
    const { rules } = rulesUnderTest({ things: { create: true } })
    expect(await rules.create('things', { a: 1 }, anonymous)).toEqual({ a: 1, _openid: 'anon' })
    expect(await rules.create('things', { a: 1 }, nobody)).toEqual({ a: 1 })
  })
})

describe('get()', () => {
  const documents = {
    'shops/s1': { _id: 's1', owner: ['me'], boss: { id: 'me' }, next: 'database.shops.s2' },
    'shops/s2': { _id: 's2', owner: ['other'] },
    'shops/7': { _id: 7, owner: ['me'] },
  }
  const byShop = 'auth.openid in get(`database.shops.${doc.shopId}`).owner'

  it.each<[string, Doc, boolean]>([
    [byShop, { shopId: 's1' }, true],
    [byShop, { shopId: 's2' }, false],
    [byShop, { shopId: { $in: ['s1'] } }, true],
    [byShop, { shopId: { $in: ['s1', 's1'] } }, false],
    [byShop, { $or: [{ shopId: 's1' }, { shopId: 7 }] }, true],
    [byShop, { shopId: { $gt: 's0' } }, false],
    [byShop, { shopId: 'none' }, false],
    [byShop, {}, false],
    ["get('database.shops.s1').boss.id == auth.openid", {}, true],
    ["get('database.shops.s1').boss[doc.key] == auth.openid", { key: 'id' }, true],
    ["get(get('database.shops.s1').next).owner[0] == 'other'", {}, true],
    ["get('database.shops.none') == null", {}, true],
    ["get('database.shops.none').x == null", {}, false],
    ["get('database.missing.x') == null", {}, false],
  ])('%s of %j: %s', async (read, query, expected) => {
    const { rules } = rulesUnderTest({ things: { read }, documents })
    expect(await isAllowed(rules.read('things', query, me))).toBe(expected)
  })

  it('reads a document once for a request, and at most ten', async () => {
    const { rules, reads, log } = rulesUnderTest({
      things: {
        read: 'get(`database.shops.${doc.a}`) == null && get(`database.shops.${doc.a}`) == undefined',
      },
    })
    const of = (count: number) => ({ $or: Array.from({ length: count }, (_, index) => ({ a: `s${index}` })) })
    expect(await isAllowed(rules.read('things', of(10), me))).toBe(true)
    expect(reads).toHaveLength(10)
    expect(await isAllowed(rules.read('things', of(11), me))).toBe(false)
    expect(log.recent()[0]?.message).toContain('at most 10 documents')
  })
})

describe('a preset', () => {
  const own = { _openid: 'me' }
  it.each([
    ['READONLY', {}, own, own],
    ['PRIVATE', own, own, own],
    ['ADMINWRITE', {}, undefined, undefined],
    ['ADMINONLY', undefined, undefined, undefined],
  ] as const)('%s filters or refuses', async (permission, read, write, remove) => {
    const { rules } = rulesUnderTest({ collections: { things: { permission } } })
    const outcome = (decision: Promise<unknown>) => decision.catch(() => undefined)
    expect(await outcome(rules.read('things', {}, me))).toEqual(read)
    expect(await outcome(rules.update('things', {}, { $set: { a: 1 } }, me))).toEqual(write)
    expect(await outcome(rules.remove('things', {}, me))).toEqual(remove)
    expect(await outcome(rules.create('things', {}, me))).toEqual(write)
    const readByNobody = await outcome(rules.read('things', {}, nobody))
    expect(readByNobody).toEqual(permission === 'PRIVATE' ? undefined : read)
    expect(await outcome(rules.create('things', {}, nobody))).toBeUndefined()
  })

  it('keeps its filter beside a condition on the same field', async () => {
    const { rules } = rulesUnderTest({ collections: { things: { permission: 'PRIVATE' } } })
    expect(await rules.read('things', { _openid: 'other' }, me)).toEqual({
      $and: [{ _openid: 'other' }, { _openid: 'me' }],
    })
  })

  it('PRIVATE holds for a collection without a rules file', async () => {
    const { rules } = rulesUnderTest({})
    expect(await rules.read('unknown', { a: 1 }, me)).toEqual({ a: 1, _openid: 'me' })
  })
})

describe('a refusal', () => {
  it('tells the log which part of which file did not hold and what it saw, and the client nothing', async () => {
    const { rules, log } = rulesUnderTest({
      things: { read: "doc.state == 'open' && (doc.owner == auth.openid || doc.public == true)" },
    })
    const query = { state: 'open', owner: 'other' }
    await expect(rules.read('things', query, me)).rejects.toMatchObject({
      code: 'DATABASE_PERMISSION_DENIED',
      message: 'database permission denied',
    })
    expect(log.recent()[0]).toMatchObject({
      level: 'warn',
      message:
        'read of things refused: rule.read of database-rules/things.json: doc.owner == auth.openid (doc.owner is "other"; auth.openid is "me"), and doc.public == true (doc.public is not fixed by the query)',
      fields: { collection: 'things', operation: 'read', caller: 'me' },
    })
  })

  it('says when the rule could not be evaluated to its end', async () => {
    const { rules, log } = rulesUnderTest({ things: { read: 'auth.openid == doc.owner' } })
    expect(await isAllowed(rules.read('things', { owner: 'x' }, nobody))).toBe(false)
    expect(log.recent()[0]?.message).toContain('auth is null')
  })
})
