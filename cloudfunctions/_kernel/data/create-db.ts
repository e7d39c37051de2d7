import tcb from '@cloudbase/node-sdk'
import * as z from 'zod'
import { refuse } from '../errors/app-error.ts'
import { command, sdkDatabase } from '../runtime/cloud.ts'
import { perInstance } from '../runtime/instance.ts'
import type { Db } from './db.ts'
import { DuplicateKey } from './duplicate-key.ts'
import { both, encodeChange, encodeReplacement, encodeWhere } from './encode.ts'
import { afterCursor, toPage } from './page.ts'
import { isDuplicateKey } from './sdk-errors.ts'

/**
 * wx-server-sdk offers neither `updateAndReturn` nor `add` of several documents; the SDK beneath it does (`@cloudbase/database` query.ts). Opened by the
 * first call that needs it, so that the others start sooner.
 */
const nodeDatabase = perInstance(() =>
  tcb.init({ env: tcb.SYMBOL_CURRENT_ENV as unknown as string }).database(),
)

/** @param count called once for each database request. */
export function createDb(count: () => void): Db {
  const rows = (name: string) => {
    count()
    return sdkDatabase.collection(name)
  }

  const db: Db = {
    async find(collection, id) {
      const { data } = await rows(collection.name).doc(id).get()
      return data === null || data === undefined ? undefined : collection.parse(data)
    },

    async get(collection, id) {
      return (await db.find(collection, id)) ?? refuse('NOT_FOUND', { collection: collection.name, id })
    },

    async findMany(collection, ids) {
      if (ids.length === 0) return []
      const { data } = await rows(collection.name)
        .where({ _id: command.in(ids) })
        .limit(1000)
        .get()
      return data.map(collection.parse)
    },

    async query(collection, { where, orderBy = [], limit = 100, skip = 0 }) {
      let query = rows(collection.name).where(where ? encodeWhere(where) : {})
      for (const [field, direction] of orderBy) query = query.orderBy(field, direction)
      const { data } = await query.skip(skip).limit(limit).get()
      return data.map(collection.parse)
    },

    async page(collection, { where = {}, orderBy: [field, direction], cursor, size }) {
      const condition = encodeWhere(where)
      const { data } = await rows(collection.name)
        .where(cursor === undefined ? condition : both(condition, afterCursor(cursor, field, direction)))
        .orderBy(field, direction)
        .orderBy('_id', direction)
        .limit(size + 1)
        .get()
      return toPage(data.map(collection.parse), size, field)
    },

    async pageJoined(collection, { where = {}, orderBy: [field, direction], cursor, size, join }) {
      const condition = encodeWhere(where)
      const order = direction === 'asc' ? 1 : -1
      const { list } = await rows(collection.name)
        .aggregate()
        .match(cursor === undefined ? condition : both(condition, afterCursor(cursor, field, direction)))
        .sort({ [field]: order, _id: order })
        .limit(size + 1)
        .addFields({ joinedIds: join.ids })
        .lookup({ from: join.from.name, localField: 'joinedIds', foreignField: '_id', as: 'joined' })
        .end()
      const joined = new Map(
        list.map((row) => {
          const { _id, joined: found } = joinedRow.parse(row)
          return [_id, found.map(join.from.parse)]
        }),
      )
      const page = toPage(list.map(collection.parse), size, field)
      return { ...page, items: page.items.map((item) => ({ item, joined: joined.get(item._id) ?? [] })) }
    },

    async count(collection, where) {
      const { total } = await rows(collection.name).where(encodeWhere(where)).count()
      return total
    },

    async insert(collection, doc) {
      try {
        await rows(collection.name).add({ data: doc })
      } catch (error) {
        throw isDuplicateKey(error) ? new DuplicateKey(collection.name, { cause: error }) : error
      }
    },

    async insertIfAbsent(collection, doc) {
      try {
        await db.insert(collection, doc)
        return true
      } catch (error) {
        if (error instanceof DuplicateKey) return false
        throw error
      }
    },

    async insertMany(collection, docs) {
      if (docs.length === 0) return
      count()
      await nodeDatabase()
        .collection(collection.name)
        .add([...docs])
    },

    async putIf(collection, doc, expected) {
      const { stats } = await rows(collection.name)
        .where({ ...encodeWhere(expected), _id: doc._id })
        .update({ data: encodeReplacement(collection, doc) })
      if (stats.updated === 0) refuse('STALE', { collection: collection.name, id: doc._id })
    },

    async update(collection, id, change) {
      const { stats } = await rows(collection.name)
        .doc(id)
        .update({ data: encodeChange(change) })
      return stats.updated > 0
    },

    async updateIf(collection, id, where, change) {
      const { stats } = await rows(collection.name)
        .where(both({ _id: id }, encodeWhere(where)))
        .update({ data: encodeChange(change) })
      return stats.updated > 0
    },

    async updateMany(collection, where, change) {
      const { stats } = await rows(collection.name)
        .where(encodeWhere(where))
        .update({ data: encodeChange(change) })
      return stats.updated
    },

    async updateAndReturn(collection, where, change) {
      count()
      const { doc } = await nodeDatabase()
        .collection(collection.name)
        .where(encodeWhere(where))
        .updateAndReturn(encodeChange(change))
      return doc === null || doc === undefined ? undefined : collection.parse(doc)
    },

    async remove(collection, id) {
      const { stats } = await rows(collection.name).doc(id).remove()
      return stats.removed > 0
    },

    async removeMany(collection, where) {
      const { stats } = await rows(collection.name).where(encodeWhere(where)).remove()
      return stats.removed
    },

    async aggregate(collection, { match, group, limit }) {
      const { list } = await rows(collection.name)
        .aggregate()
        .match(encodeWhere(match))
        .group(group)
        .limit(limit)
        .end()
      return list
    },
  }
  return db
}

/** What `pageJoined` adds to a row. */
const joinedRow = z.object({ _id: z.string(), joined: z.array(z.unknown()) })
