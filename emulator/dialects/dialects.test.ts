import { describe, expect, it } from 'vitest'
import { toCurrent } from './index.ts'

/** The parts of the translated body that are EJSON texts, read. */
function sent(action: string, body: Record<string, unknown>) {
  const current = toCurrent(action, { action, collectionName: 'c', ...body })
  const read = (value: unknown) =>
    typeof value === 'string' && /^[{[]/.test(value) ? JSON.parse(value) : value
  const fields = Object.fromEntries(Object.entries(current.body).map(([key, value]) => [key, read(value)]))
  return { action: current.action, fields }
}

function answered(action: string, current: Record<string, unknown>): Record<string, unknown> {
  return toCurrent(action, {}).reply({ requestId: 'r', ...current })
}

describe('a request of the first generation', () => {
  it('asks for documents with query, order and fields as texts', () => {
    const query = { at: { $gt: { $date: 5 } }, name: { $regex: '^a', $options: 'i' }, n: { $in: [1, 2] } }
    const order = [
      { field: 'n', direction: 'desc' },
      { field: 'at', direction: 'asc' },
    ]
    expect(
      sent('database.queryDocument', { query, order, projection: { n: 1 }, limit: 100, offset: 5 }),
    ).toMatchObject({
      action: 'database.getDocument',
      fields: {
        query: { ...query, name: { $regularExpression: { pattern: '^a', options: 'i' } } },
        order: { n: -1, at: 1 },
        projection: { n: 1 },
        limit: 100,
        offset: 5,
      },
    })
  })

  it('without conditions stays without', () => {
    expect(sent('database.countDocument', {})).toEqual({
      action: 'database.calculateDocument',
      fields: { action: 'database.countDocument', collectionName: 'c', query: undefined },
    })
  })

  it.each([
    ['a server date', { $date: { offset: 60 } }, { $tcb_server_date: { offset: 60 } }],
    ['a date', { $date: 60 }, { $date: 60 }],
    ['a regular expression', { $regex: 'a' }, { $regularExpression: { pattern: 'a', options: '' } }],
    ['operators of elemMatch', { $elemMatch: { $regex: 'a' } }, { $elemMatch: { $regex: 'a' } }],
    ['a regular expression with more', { $regex: 'a', $ne: 'b' }, { $regex: 'a', $ne: 'b' }],
  ])('may hold %s', (_name, given, expected) => {
    const list = [given]
    expect(sent('database.queryDocument', { query: { a: given, list } }).fields.query).toEqual({
      a: expected,
      list: [expected],
    })
  })

  it('adds a document, with its own id beside it or in it', () => {
    const { action, body } = toCurrent('database.addDocument', { data: { n: 1 }, _id: 'x' })
    expect([action, body.data]).toEqual(['database.insertDocument', ['{"n":1,"_id":"x"}']])
    expect(toCurrent('database.addDocument', { data: [{ n: 1 }, { n: 2 }] }).body.data).toEqual([
      '{"n":1}',
      '{"n":2}',
    ])
  })

  it('sends stages of plain JSON', () => {
    const stages = [{ stageKey: '$match', stageValue: '{"a":{"$gt":{"$date":{"offset":0}}}}' }]
    expect(toCurrent('database.aggregate', { stages }).body.stages).toEqual([
      { stageKey: '$match', stageValue: '{"a":{"$gt":{"$tcb_server_date":{"offset":0}}}}' },
    ])
  })

  it('of any shape gets no further than the database, which refuses it', () => {
    const bodies = [
      {},
      { order: [null, 7], query: 'x' },
      { stages: 5 },
      { stages: [null, { stageValue: '{' }] },
    ]
    for (const action of [
      'queryDocument',
      'addDocument',
      'updateDocument',
      'aggregate',
      'getInTransaction',
    ]) {
      for (const body of bodies) expect(() => toCurrent(`database.${action}`, body)).not.toThrow()
    }
  })
})

describe('an answer to the first generation', () => {
  it('holds documents as objects', () => {
    const document =
      '{"_id":"a","at":{"$date":{"$numberLong":"5"}},"big":{"$numberLong":"9007199254740993"},"half":{"$numberDouble":"2.0"},"r":{"$regularExpression":{"pattern":"x","options":"i"}},"list":[{"n":1}]}'
    expect(answered('database.queryDocument', { data: { list: [document] } })).toEqual({
      requestId: 'r',
      data: {
        list: [
          {
            _id: 'a',
            at: { $date: 5 },
            big: 9007199254740992,
            half: 2,
            r: { $regex: 'x', $options: 'i' },
            list: [{ n: 1 }],
          },
        ],
      },
    })
  })

  it('holds an aggregation as one text of texts', () => {
    const { data } = answered('database.aggregate', { data: { list: ['{"n":1}', '{"n":2}'] } })
    expect(data).toEqual({ list: '["{\\"n\\":1}","{\\"n\\":2}"]' })
  })

  it('names the new document', () => {
    expect(answered('database.addDocument', { data: { insertedIds: ['x'] } }).data).toMatchObject({
      _id: 'x',
    })
    expect(answered('database.updateDocument', { data: { updated: 0, upsert_id: 'x' } }).data).toEqual({
      updated: 0,
      upsert_id: 'x',
      upserted_id: 'x',
    })
  })
})

describe('a transaction of the first generations', () => {
  it.each([{ query: { _id: { $eq: 'a' } } }, { _id: 'a' }])('names its document by %j', (named) => {
    expect(sent('database.deleteDocInTransaction', { transactionId: 't', ...named })).toMatchObject({
      action: 'database.removeDocument',
      fields: { query: { _id: { $eq: 'a' } }, multi: false, transactionId: 't' },
    })
  })

  it('replaces with upsert, and changes without', () => {
    expect(
      sent('database.updateDocInTransaction', { _id: 'a', data: '{}', upsert: true }).fields,
    ).toMatchObject({
      merge: false,
      upsert: true,
    })
    expect(sent('database.updateDocInTransaction', { _id: 'a', data: '{"$set":{}}' }).fields).toMatchObject({
      merge: true,
      upsert: false,
    })
  })

  it('reads its results as texts at the top of the answer', () => {
    expect(answered('database.getInTransaction', { data: { list: ['{"n":1}'] } })).toEqual({
      requestId: 'r',
      data: '{"n":1}',
    })
    expect(answered('database.getInTransaction', { data: { list: [] } })).toMatchObject({ data: 'null' })
    expect(answered('database.insertDocInTransaction', { data: { insertedIds: ['x'] } })).toEqual({
      requestId: 'r',
      inserted: '1',
      ok: '1',
      id: 'x',
    })
    expect(answered('database.updateDocInTransaction', { data: { updated: 0, upsert_id: 'x' } })).toEqual({
      requestId: 'r',
      updated: '0',
      upserted: '[{"_id":"x"}]',
    })
  })
})

it('today is passed as it is', () => {
  const body = { action: 'database.getDocument', query: '{}' }
  const current = toCurrent('database.getDocument', body)
  expect(current.body).toBe(body)
  expect(current.reply(body)).toBe(body)
  expect(toCurrent('toString', body).action).toBe('toString')
})
