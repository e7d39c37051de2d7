import type { Database } from '../../support/mock-sdk/database.ts'
import type { StoredDoc } from '../../support/raw-collection.ts'
import type { DatabaseCase } from './case.ts'

const point = (lng: number, lat: number) => ({ type: 'Point', coordinates: [lng, lat] })
/** About 1, 2 and 111 km north of the first. */
const shops = [
  { _id: 'a', at: point(120, 30) },
  { _id: 'b', at: point(120, 30.01), open: true },
  { _id: 'c', at: point(120, 30.02) },
  { _id: 'd', at: point(120, 31), open: true },
  { _id: 'none' },
]
const geoIndex = [{ name: 'at', fields: [{ path: 'at', direction: '2dsphere' as const }] }]

/** Ids of what a near condition finds, in the order in which they come. */
function orders(
  name: string,
  condition: (_: Database['command'], db: Database) => object,
  ids: readonly string[],
  read: (query: ReturnType<ReturnType<Database['collection']>['where']>) => typeof query = (query) => query,
): DatabaseCase {
  return {
    name,
    items: shops,
    indexes: geoIndex,
    run: async (db, _) => {
      const { data } = await read(db.collection('items').where(condition(_, db))).get()
      return data.map((doc: StoredDoc) => doc._id)
    },
    returns: ids,
  }
}

/** The list of `geoNear` with these options over the shops, which have a geo index. */
function near(name: string, options: Record<string, unknown>, list: unknown): DatabaseCase {
  return { ...nearest(name, options), returns: list }
}

function nearest(name: string, options: Record<string, unknown>): DatabaseCase {
  return {
    name,
    items: shops,
    indexes: geoIndex,
    run: async (db) => {
      const { list } = await db
        .collection('items')
        .aggregate()
        .geoNear({ distanceField: 'm', spherical: true, near: db.Geo.Point?.(120, 30), ...options })
        .end()
      return (list as { _id: string; m: number }[]).map(({ _id, m }) => [_id, Math.round(m)])
    },
  }
}

/** Distances: MongoDB's manual, "Geospatial Queries", on its sphere of 6,378.1 km. */
export const geoNearCases: DatabaseCase[] = [
  orders(
    'geoNear in a query gives the nearest first',
    (_, { Geo }) => ({ at: _.geoNear({ geometry: Geo.Point?.(120, 30.018) as never }) }),
    ['c', 'b', 'a', 'd'],
  ),
  orders(
    'geoNear in a query keeps between two distances, in metres',
    (_, { Geo }) => ({
      at: _.geoNear({ geometry: Geo.Point?.(120, 30) as never, minDistance: 1000, maxDistance: 3000 }),
    }),
    ['b', 'c'],
  ),
  orders(
    'geoNear beside other conditions',
    (_, { Geo }) => ({ open: true, at: _.geoNear({ geometry: Geo.Point?.(120, 31) as never }) }),
    ['d', 'b'],
  ),
  orders(
    'geoNear as a part of and, with both distances',
    (_, { Geo }) =>
      _.and([
        { at: _.geoNear({ geometry: Geo.Point?.(120, 31) as never, minDistance: 0, maxDistance: 2e5 }) },
        { open: true },
      ]),
    ['d', 'b'],
  ),
  {
    name: 'geoNear as a part of and, with a distance left out: the SDK sends null for it, which the server refuses',
    items: shops,
    indexes: geoIndex,
    run: (db, _) => {
      const near = { at: _.geoNear({ geometry: db.Geo.Point?.(120, 31) as never }) }
      return db
        .collection('items')
        .where(_.and([near, { open: true }]))
        .get()
    },
    fails: { errCode: -502001, errMsg: /Distance must be a number/, code: null },
  },
  orders(
    'an order of the request comes before nearness',
    (_, { Geo }) => ({ at: _.geoNear({ geometry: Geo.Point?.(120, 30) as never, maxDistance: 5000 }) }),
    ['c', 'b', 'a'],
    (query) => query.orderBy('_id', 'desc'),
  ),
  orders(
    'skip and limit count from the nearest',
    (_, { Geo }) => ({ at: _.geoNear({ geometry: Geo.Point?.(120, 30) as never }) }),
    ['b', 'c'],
    (query) => query.skip(1).limit(2),
  ),
  orders(
    '$near in plain GeoJSON, as older SDKs send it',
    () => ({ at: { $near: { $geometry: point(120, 30), $maxDistance: 1500 } } }),
    ['a', 'b'],
  ),
  orders(
    '$nearSphere of a pair takes radians',
    () => ({ at: { $nearSphere: [120, 30], $maxDistance: 1.5 / 6378.1 } }),
    ['a', 'b'],
  ),
  {
    name: 'geoNear counts',
    items: shops,
    indexes: geoIndex,
    run: async (db, _) =>
      (
        await db
          .collection('items')
          .where({ at: _.geoNear({ geometry: db.Geo.Point?.(120, 30) as never, maxDistance: 3000 }) })
          .count()
      ).total,
    returns: 3,
  },
  {
    name: 'geoNear in a query without a geo index is refused',
    items: shops,
    run: (db, _) =>
      db
        .collection('items')
        .where({ at: _.geoNear({ geometry: db.Geo.Point?.(120, 30) as never }) })
        .get(),
    fails: { errCode: -502001, errMsg: /unable to find index for \$geoNear query/, code: null },
  },
  {
    name: 'geoNear inside of or is refused',
    items: shops,
    indexes: geoIndex,
    run: (db) =>
      db
        .collection('items')
        .where({ $or: [{ at: { $near: { $geometry: point(120, 30) } } }, { open: true }] })
        .get(),
    fails: {
      errCode: -502001,
      errMsg: /geo \$near must be top-level expr|not allowed in this context/,
      code: null,
    },
  },
  {
    name: 'two geoNear in one query are refused',
    items: shops,
    indexes: geoIndex,
    run: (db) => {
      const near = { $near: { $geometry: point(120, 30) } }
      return db
        .collection('items')
        .where({ $and: [{ at: near }, { to: near }] })
        .get()
    },
    fails: { errCode: -502001, errMsg: /Too many geoNear expressions/, code: null },
  },
  near('geoNear gives the nearest first, with metres', {}, [
    ['a', 0],
    ['b', 1113],
    ['c', 2226],
    ['d', 111319],
  ]),
  near('geoNear between two distances', { minDistance: 1000, maxDistance: 3000 }, [
    ['b', 1113],
    ['c', 2226],
  ]),
  near('geoNear with a query', { query: { open: true } }, [
    ['b', 1113],
    ['d', 111319],
  ]),
  near('geoNear with a limit', { limit: 2 }, [
    ['a', 0],
    ['b', 1113],
  ]),
  near('geoNear multiplies distances', { distanceMultiplier: 0.001, minDistance: 3000 }, [['d', 111]]),
  near('geoNear by the field it is told', { key: 'at', limit: 1 }, [['a', 0]]),
  {
    name: 'geoNear tells the place it measured to, under a nested name',
    items: shops.slice(0, 1),
    indexes: geoIndex,
    run: async (db) =>
      (
        await db
          .collection('items')
          .aggregate()
          .geoNear({
            distanceField: 'd.m',
            includeLocs: 'd.at',
            spherical: true,
            near: db.Geo.Point?.(120, 30),
          })
          .end()
      ).list,
    returns: [{ ...shops[0], d: { m: 0, at: point(120, 30) } }],
  },
  {
    ...nearest('geoNear without a geo index is refused', {}),
    indexes: [],
    fails: {
      errMsg: /\$geoNear requires a 2d or 2dsphere index, but none were found/,
      code: 'DATABASE_REQUEST_FAILED',
    },
  },
  {
    name: 'geoNear after another stage is refused',
    items: shops,
    indexes: geoIndex,
    run: (db) =>
      db
        .collection('items')
        .aggregate()
        .match({ open: true })
        .geoNear({ distanceField: 'm', spherical: true, near: db.Geo.Point?.(120, 30) })
        .end(),
    fails: {
      errMsg: /\$geoNear is only valid as the first stage in a pipeline/,
      code: 'DATABASE_REQUEST_FAILED',
    },
  },
  {
    ...nearest('geoNear without a name for the distance is refused', { distanceField: undefined }),
    fails: {
      errMsg: /\$geoNear requires a 'distanceField' option as a String/,
      code: 'DATABASE_REQUEST_FAILED',
    },
  },
]
