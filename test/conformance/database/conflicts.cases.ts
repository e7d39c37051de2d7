import type { DatabaseCase } from './case.ts'

const alice = { _id: 'alice', fen: 100 }
const bob = { _id: 'bob', fen: 50 }
const CONFLICT = 'DATABASE_TRANSACTION_CONFLICT'

/** Transactions that meet, and how runTransaction goes on: what may be tried again keeps its code. */
export const conflictCases: DatabaseCase[] = [
  {
    name: 'a second transaction that writes a touched document conflicts at once, without its code',
    items: [alice],
    run: async (db) => {
      const first = await db.startTransaction()
      const second = await db.startTransaction()
      await first
        .collection('items')
        .doc('alice')
        .update({ data: { fen: 1 } })
      try {
        await second
          .collection('items')
          .doc('alice')
          .update({ data: { fen: 2 } })
      } finally {
        await first.commit()
      }
    },
    fails: {
      errCode: -501001,
      errMsg: /^document\.update:fail -501001 resource system error\. ./,
      code: null,
    },
    leaves: [{ _id: 'alice', fen: 1 }],
  },
  {
    name: 'writing what changed since the first read conflicts',
    items: [alice, bob],
    run: async (db) => {
      const transaction = await db.startTransaction()
      await transaction.collection('items').doc('alice').get()
      await db
        .collection('items')
        .doc('alice')
        .update({ data: { fen: 1 } })
      await transaction
        .collection('items')
        .doc('alice')
        .update({ data: { fen: 2 } })
    },
    fails: {
      errCode: -501001,
      errMsg: /^document\.update:fail -501001 resource system error\. ./,
      code: null,
    },
    leaves: [{ _id: 'alice', fen: 1 }, bob],
  },
  {
    name: 'transactions on different documents do not meet',
    items: [alice, bob],
    run: async (db) => {
      const first = await db.startTransaction()
      const second = await db.startTransaction()
      await first
        .collection('items')
        .doc('alice')
        .update({ data: { fen: 1 } })
      await second
        .collection('items')
        .doc('bob')
        .update({ data: { fen: 2 } })
      await second.commit()
      await first.commit()
    },
    leaves: [
      { _id: 'alice', fen: 1 },
      { _id: 'bob', fen: 2 },
    ],
  },
  {
    name: 'of two transactions that add one _id the second conflicts',
    run: async (db) => {
      const first = await db.startTransaction()
      const second = await db.startTransaction()
      await first.collection('items').add({ data: { _id: 'a', by: 1 } })
      try {
        await second.collection('items').add({ data: { _id: 'a', by: 2 } })
      } finally {
        await first.commit()
      }
    },
    fails: { errCode: -501001, errMsg: /^collection\.add:fail -501001 /, code: null },
    leaves: [{ _id: 'a', by: 1 }],
  },
  {
    name: 'a duplicate key inside a transaction is a duplicate key',
    items: [alice],
    run: async (db) => {
      const transaction = await db.startTransaction()
      await transaction.collection('items').add({ data: { _id: 'alice' } })
    },
    fails: { errCode: -502001, errMsg: /E11000/, code: null },
    leaves: [alice],
  },
  {
    name: 'runTransaction gives back what its work returns, and commits',
    items: [alice],
    run: (db, _) =>
      db.runTransaction(async (transaction) => {
        await transaction
          .collection('items')
          .doc('alice')
          .update({ data: { fen: _.inc(1) } })
        return { done: true }
      }),
    returns: { done: true },
    leaves: [{ _id: 'alice', fen: 101 }],
  },
  {
    name: 'runTransaction rolls back and passes on what its work throws',
    items: [alice],
    run: (db) =>
      db.runTransaction(async (transaction) => {
        await transaction
          .collection('items')
          .doc('alice')
          .update({ data: { fen: 0 } })
        throw new Error('not enough')
      }),
    fails: { message: 'not enough', code: null },
    leaves: [alice],
  },
  {
    name: 'rollback with a reason makes runTransaction reject with it',
    items: [alice],
    run: async (db) => {
      const outcome = db.runTransaction(async (transaction) => {
        await transaction
          .collection('items')
          .doc('alice')
          .update({ data: { fen: 0 } })
        await transaction.rollback('sold out')
      })
      return outcome.catch((reason: unknown) => ({ reason }))
    },
    returns: { reason: 'sold out' },
    leaves: [alice],
  },
  {
    name: 'runTransaction does not try again after a conflict of an operation, because the code is lost',
    items: [alice],
    run: async (db) => {
      let attempts = 0
      const other = await db.startTransaction()
      await other
        .collection('items')
        .doc('alice')
        .update({ data: { fen: 1 } })
      const outcome = await db
        .runTransaction(async (transaction) => {
          attempts += 1
          await transaction
            .collection('items')
            .doc('alice')
            .update({ data: { fen: 2 } })
        })
        .catch((error: { errCode: number }) => error.errCode)
      await other.rollback()
      return [attempts, outcome]
    },
    returns: [1, -501001],
    leaves: [alice],
  },
  {
    name: 'runTransaction tries again, four times in all, after an error that has the code of a conflict',
    run: async (db) => {
      let attempts = 0
      const outcome = await db
        .runTransaction(async () => {
          attempts += 1
          throw Object.assign(new Error('as if from commit'), { code: CONFLICT })
        })
        .catch((error: { code: string; errCode?: number }) => [error.code, error.errCode])
      return [attempts, outcome]
    },
    returns: [4, [CONFLICT, undefined]],
  },
  {
    name: 'parallel transfers with a retry of their own lose nothing',
    items: [alice, bob],
    run: async (db, _) => {
      const transfer = async (): Promise<void> => {
        for (;;) {
          const transaction = await db.startTransaction()
          try {
            await transaction
              .collection('items')
              .doc('alice')
              .update({ data: { fen: _.inc(-1) } })
            await transaction
              .collection('items')
              .doc('bob')
              .update({ data: { fen: _.inc(1) } })
            await transaction.commit()
            return
          } catch {
            await transaction.rollback().catch(() => undefined)
          }
        }
      }
      await Promise.all(Array.from({ length: 6 }, transfer))
    },
    leaves: [
      { _id: 'alice', fen: 94 },
      { _id: 'bob', fen: 56 },
    ],
  },
]
