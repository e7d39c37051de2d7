import { expect } from 'vitest'
import type { DatabaseCase } from './case.ts'

const alice = { _id: 'alice', fen: 100 }
const bob = { _id: 'bob', fen: 50 }

/** Transactions: what they see, what they leave, and how they end. */
export const transactionCases: DatabaseCase[] = [
  {
    name: 'what is committed stays',
    items: [alice, bob],
    run: async (db, _) => {
      const transaction = await db.startTransaction()
      await transaction
        .collection('items')
        .doc('alice')
        .update({ data: { fen: _.inc(-30) } })
      await transaction
        .collection('items')
        .doc('bob')
        .update({ data: { fen: _.inc(30) } })
      return transaction.commit()
    },
    returns: expect.objectContaining({ requestId: expect.any(String) }),
    leaves: [
      { _id: 'alice', fen: 70 },
      { _id: 'bob', fen: 80 },
    ],
  },
  {
    name: 'what is rolled back never was',
    items: [alice],
    run: async (db) => {
      const transaction = await db.startTransaction()
      await transaction
        .collection('items')
        .doc('alice')
        .update({ data: { fen: 0 } })
      await transaction.collection('items').add({ data: { _id: 'carol' } })
      await transaction
        .collection('items')
        .doc('dave')
        .set({ data: { fen: 1 } })
      return transaction.rollback('changed my mind')
    },
    returns: expect.objectContaining({ requestId: expect.any(String) }),
    leaves: [alice],
  },
  {
    name: 'a transaction reads its own writes',
    items: [alice],
    run: async (db) => {
      const transaction = await db.startTransaction()
      const rows = transaction.collection('items')
      await rows.doc('alice').update({ data: { fen: 7 } })
      await rows.add({ data: { _id: 'new', fen: 1 } })
      const seen = [(await rows.doc('alice').get()).data, (await rows.doc('new').get()).data]
      await transaction.rollback()
      return seen
    },
    returns: [
      { _id: 'alice', fen: 7 },
      { _id: 'new', fen: 1 },
    ],
  },
  {
    name: 'nobody else sees what is not committed',
    items: [alice],
    run: async (db) => {
      const transaction = await db.startTransaction()
      await transaction
        .collection('items')
        .doc('alice')
        .update({ data: { fen: 7 } })
      const { data } = await db.collection('items').doc('alice').get()
      await transaction.rollback()
      return data
    },
    returns: alice,
  },
  {
    name: 'a transaction keeps what it saw at its first read',
    items: [alice, bob],
    run: async (db) => {
      const transaction = await db.startTransaction()
      await transaction.collection('items').doc('alice').get()
      await db
        .collection('items')
        .doc('bob')
        .update({ data: { fen: 51 } })
      const { data } = await transaction.collection('items').doc('bob').get()
      await transaction.rollback()
      return data
    },
    returns: bob,
  },
  {
    name: 'the snapshot is of the first read, not of the start',
    items: [bob],
    run: async (db) => {
      const transaction = await db.startTransaction()
      await db
        .collection('items')
        .doc('bob')
        .update({ data: { fen: 51 } })
      const { data } = await transaction.collection('items').doc('bob').get()
      await transaction.rollback()
      return data
    },
    returns: { _id: 'bob', fen: 51 },
  },
  {
    name: 'where().get reads inside the transaction',
    items: [alice, bob],
    run: async (db, _) => {
      const transaction = await db.startTransaction()
      await transaction
        .collection('items')
        .doc('alice')
        .update({ data: { fen: 1 } })
      const { data } = await transaction
        .collection('items')
        .where({ fen: _.lt(10) })
        .get()
      await transaction.rollback()
      return data
    },
    returns: [{ _id: 'alice', fen: 1 }],
  },
  {
    name: 'where().update of a transaction runs outside of it: a rollback does not undo it',
    items: [alice],
    run: async (db) => {
      const transaction = await db.startTransaction()
      await transaction
        .collection('items')
        .where({ _id: 'alice' })
        .update({ data: { fen: 1 } })
      await transaction.rollback()
    },
    leaves: [{ _id: 'alice', fen: 1 }],
  },
  {
    name: 'add answers _id inside a transaction too',
    run: async (db) => {
      const transaction = await db.startTransaction()
      const added = await transaction.collection('items').add({ data: { _id: 'a' } })
      await transaction.commit()
      return added
    },
    returns: { _id: 'a', errMsg: 'collection.add:ok' },
  },
  {
    name: 'set inside a transaction never counts as created',
    run: async (db) => {
      const transaction = await db.startTransaction()
      const { stats } = await transaction
        .collection('items')
        .doc('a')
        .set({ data: { n: 1 } })
      await transaction.commit()
      return stats.created
    },
    returns: 0,
    leaves: [{ _id: 'a', n: 1 }],
  },
  {
    name: 'remove inside a transaction counts',
    items: [alice],
    run: async (db) => {
      const transaction = await db.startTransaction()
      const removed = await transaction.collection('items').doc('alice').remove()
      await transaction.commit()
      return removed
    },
    returns: { stats: { removed: 1 }, errMsg: 'document.remove:ok' },
    leaves: [],
  },
  {
    name: 'a missing document throws inside a transaction as well',
    run: async (db) => {
      const transaction = await db.startTransaction()
      return transaction.collection('items').doc('fig').get()
    },
    fails: { errCode: -1, errMsg: 'document.get:fail document with _id fig does not exist', code: null },
  },
  {
    name: 'a missing document is null inside a transaction with throwOnNotFound false',
    run: async (_db, _, { database }) => {
      const transaction = await database({ throwOnNotFound: false }).startTransaction()
      const found = await transaction.collection('items').doc('fig').get()
      await transaction.rollback()
      return found
    },
    returns: { data: null, errMsg: 'document.get:ok' },
  },
  {
    name: 'a transaction that was committed takes nothing more',
    items: [alice],
    run: async (db) => {
      const transaction = await db.startTransaction()
      await transaction
        .collection('items')
        .doc('alice')
        .update({ data: { fen: 1 } })
      await transaction.commit()
      await transaction
        .collection('items')
        .doc('alice')
        .update({ data: { fen: 2 } })
    },
    fails: { errMsg: /^document\.update:fail -50\d{4} /, code: null },
    leaves: [{ _id: 'alice', fen: 1 }],
  },
  {
    name: 'a commit after the rollback fails with the platform error as it is',
    items: [alice],
    run: async (db) => {
      const transaction = await db.startTransaction()
      await transaction
        .collection('items')
        .doc('alice')
        .update({ data: { fen: 1 } })
      await transaction.rollback()
      await transaction.commit()
    },
    fails: { code: 'DATABASE_TRANSACTION_FAIL', message: /./ },
    leaves: [alice],
  },
  {
    name: 'a transaction ends by itself after 30 seconds',
    items: [alice],
    run: async (db, _, { advance }) => {
      const transaction = await db.startTransaction()
      await transaction
        .collection('items')
        .doc('alice')
        .update({ data: { fen: 1 } })
      await advance(31_000)
      await transaction.commit()
    },
    fails: { code: 'DATABASE_TRANSACTION_FAIL', message: /./ },
    leaves: [alice],
  },
]
