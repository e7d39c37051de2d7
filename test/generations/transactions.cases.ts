import type { GenerationCase } from './case.ts'

const accounts = [
  { _id: 'a', money: 10 },
  { _id: 'b', money: 0 },
]

/** startTransaction and runTransaction. */
export const transactionCases: GenerationCase[] = [
  {
    name: 'what is committed stays, and is read before by the transaction only',
    items: accounts,
    async run(items, _, { db }) {
      const transaction = await db.startTransaction()
      await transaction
        .collection('items')
        .doc('a')
        .update({ data: { money: _.inc(-4) } })
      const inside = (await transaction.collection('items').doc('a').get()).data.money
      const outside = (await items.doc('a').get()).data.money
      await transaction
        .collection('items')
        .doc('b')
        .update({ data: { money: _.inc(4) } })
      await transaction.commit()
      return { inside, outside }
    },
    returns: { inside: 6, outside: 10 },
    leaves: [
      { _id: 'a', money: 6 },
      { _id: 'b', money: 4 },
    ],
  },
  {
    name: 'what is rolled back never was',
    items: accounts,
    async run(_items, _, { db }) {
      const transaction = await db.startTransaction()
      await transaction
        .collection('items')
        .doc('a')
        .update({ data: { money: 99 } })
      await transaction.collection('items').doc('b').remove()
      await transaction.collection('items').add({ data: { _id: 'c' } })
      await transaction.rollback()
    },
    leaves: accounts,
  },
  {
    name: 'runTransaction gives what its callback returns, after the commit',
    items: accounts,
    run: (_items, _, { db }) =>
      db.runTransaction(async (transaction) => {
        const { data } = await transaction.collection('items').doc('a').get()
        await transaction
          .collection('items')
          .doc('a')
          .update({ data: { money: data.money + 1 } })
        await transaction
          .collection('items')
          .doc('c')
          .set({ data: { money: 7 } })
        await transaction.collection('items').add({ data: { _id: 'd', at: new Date(3) } })
        await transaction.collection('items').doc('b').remove()
        return { had: data.money }
      }),
    returns: { had: 10 },
    leaves: [
      { _id: 'a', money: 11 },
      { _id: 'c', money: 7 },
      { _id: 'd', at: new Date(3) },
    ],
  },
  {
    name: 'runTransaction rolls back when its callback throws, and throws that',
    items: accounts,
    run: (_items, _, { db }) =>
      db.runTransaction(async (transaction) => {
        await transaction
          .collection('items')
          .doc('a')
          .update({ data: { money: 0 } })
        throw new Error('too poor')
      }),
    fails: /too poor/,
    leaves: accounts,
  },
  {
    name: 'runTransaction rejects with the reason of a rollback',
    items: accounts,
    run: (_items, _, { db }) =>
      db
        .runTransaction(async (transaction) => {
          await transaction
            .collection('items')
            .doc('a')
            .update({ data: { money: 0 } })
          await transaction.rollback('thought better of it')
        })
        .catch((reason: unknown) => reason),
    returns: 'thought better of it',
    leaves: accounts,
  },
  {
    name: 'dates and numbers are the same inside a transaction',
    items: [{ _id: 'a', at: new Date(8), big: 2 ** 40, half: 0.5 }],
    run: (_items, _, { db }) =>
      db.runTransaction(async (transaction) => (await transaction.collection('items').doc('a').get()).data),
    returns: { _id: 'a', at: new Date(8), big: 2 ** 40, half: 0.5 },
  },
]
