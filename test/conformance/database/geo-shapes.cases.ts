import type { Database } from '../../support/mock-sdk/database.ts'
import type { StoredDoc } from '../../support/raw-collection.ts'
import type { DatabaseCase } from './case.ts'

const point = (lng: number, lat: number) => ({ type: 'Point', coordinates: [lng, lat] })
/** About 1, 2 and 111 km north of the first, and the other side of the 180th meridian. */
const shops = [
  { _id: 'a', at: point(120, 30) },
  { _id: 'b', at: point(120, 30.01), open: true },
  { _id: 'c', at: point(120, 30.02) },
  { _id: 'd', at: point(120, 31), open: true },
  { _id: 'none' },
]
const pacific = [
  { _id: 'east', at: point(179.99, 0) },
  { _id: 'west', at: point(-179.99, 0) },
]
const shapes = [
  { _id: 'field', at: { type: 'Polygon', coordinates: [ring(0, 0, 4, 4)] } },
  {
    _id: 'many',
    at: {
      type: 'MultiPoint',
      coordinates: [
        [1, 1],
        [20, 20],
      ],
    },
  },
  { _id: 'ringed', at: { type: 'Polygon', coordinates: [ring(-5, -5, 9, 9), ring(-1, -1, 5, 5)] } },
  {
    _id: 'road',
    at: {
      type: 'LineString',
      coordinates: [
        [-3, 2],
        [7, 2],
      ],
    },
  },
  { _id: 'well', at: point(2, 2) },
]
const geoIndex = [{ name: 'at', fields: [{ path: 'at', direction: '2dsphere' as const }] }]

function ring(west: number, south: number, east: number, north: number): [number, number][] {
  return [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ]
}

/** Ids of what a condition finds, in order of `_id`. */
function finds(
  name: string,
  items: readonly StoredDoc[],
  condition: (_: Database['command'], db: Database) => object,
  ids: readonly string[],
): DatabaseCase {
  return {
    name,
    items,
    run: async (db, _) => {
      const { data } = await db
        .collection('items')
        .where({ at: condition(_, db) })
        .orderBy('_id', 'asc')
        .get()
      return data.map((doc: StoredDoc) => doc._id)
    },
    returns: ids,
  }
}

function refuses(name: string, condition: object, errMsg: RegExp): DatabaseCase {
  return {
    name,
    items: shops,
    run: (db) => db.collection('items').where({ at: condition }).get(),
    fails: { errCode: -502001, errMsg, code: null },
  }
}

/** Shapes on the sphere: MongoDB's manual, "Geospatial Queries". */
export const geoShapeCases: DatabaseCase[] = [
  finds(
    'geoWithin a polygon of the SDK',
    shops,
    (_, { Geo }) => _.geoWithin({ geometry: box(Geo, 119, 29, 121, 30.5) }),
    ['a', 'b', 'c'],
  ),
  finds(
    'geoWithin a circle',
    shops,
    (_, { Geo }) => _.geoWithin({ centerSphere: [Geo.Point?.(120, 30) as never, 1.5 / 6378.1] }),
    ['a', 'b'],
  ),
  finds(
    'geoWithin a circle across the 180th meridian',
    pacific,
    () => ({ $geoWithin: { $centerSphere: [[180, 0], 2 / 6378.1] } }),
    ['east', 'west'],
  ),
  finds(
    'geoWithin a polygon across the 180th meridian',
    pacific,
    () => ({ $geoWithin: { $geometry: { type: 'Polygon', coordinates: [ring(179, -1, -179, 1)] } } }),
    ['east', 'west'],
  ),
  finds(
    'geoWithin wants the whole of a shape',
    shapes,
    () => ({ $geoWithin: { $geometry: { type: 'Polygon', coordinates: [ring(-1, -1, 5, 5)] } } }),
    ['field', 'well'],
  ),
  finds(
    'geoWithin several polygons',
    shapes,
    () => ({
      $geoWithin: {
        $geometry: { type: 'MultiPolygon', coordinates: [[ring(0.5, 0.5, 3, 3)], [ring(19, 19, 21, 21)]] },
      },
    }),
    ['many', 'well'],
  ),
  finds(
    'geoWithin leaves out what lies in a hole',
    shapes,
    () => ({
      $geoWithin: {
        $geometry: { type: 'Polygon', coordinates: [ring(-9, -9, 30, 30), ring(1.5, 1.5, 3, 3)] },
      },
    }),
    ['many', 'ringed'],
  ),
  finds(
    'geoIntersects finds what shares a point',
    shapes,
    () => ({
      $geoIntersects: {
        $geometry: {
          type: 'LineString',
          coordinates: [
            [2, -2],
            [2, 9],
          ],
        },
      },
    }),
    ['field', 'ringed', 'road', 'well'],
  ),
  finds(
    'geoIntersects a point of the SDK',
    shapes,
    (_, { Geo }) => _.geoIntersects({ geometry: Geo.Point?.(-3, 2) as never }),
    ['ringed', 'road'],
  ),
  finds(
    'geoIntersects takes edges for parts of a polygon',
    shapes,
    () => ({ $geoIntersects: { $geometry: point(0, 0) } }),
    ['field'],
  ),
  finds(
    'a flat box',
    shops,
    () => ({
      $geoWithin: {
        $box: [
          [119, 29],
          [121, 30.015],
        ],
      },
    }),
    ['a', 'b'],
  ),
  finds('a flat circle, in degrees', shops, () => ({ $geoWithin: { $center: [[120, 30], 0.011] } }), [
    'a',
    'b',
  ]),
  finds(
    'a flat polygon',
    shops,
    () => ({
      $geoWithin: {
        $polygon: [
          [119, 30.5],
          [121, 30.5],
          [120, 32],
        ],
      },
    }),
    ['d'],
  ),
  finds(
    'pairs of numbers are places too',
    [
      { _id: 'list', at: [1, 1] },
      { _id: 'object', at: { lng: 1, lat: 1 } },
      {
        _id: 'several',
        at: [
          [9, 9],
          [1, 1],
        ],
      },
    ],
    () => ({ $geoWithin: { $centerSphere: [[1, 1], 0.001] } }),
    ['list', 'object', 'several'],
  ),
  finds(
    'a negation finds what has no place, too',
    shops,
    () => ({ $not: { $geoWithin: { $centerSphere: [[120, 30], 0.001] } } }),
    ['d', 'none'],
  ),
  refuses(
    'geoWithin a line is refused',
    {
      $geoWithin: {
        $geometry: {
          type: 'LineString',
          coordinates: [
            [0, 0],
            [1, 1],
          ],
        },
      },
    },
    /\$geoWithin not supported with provided geometry/,
  ),
  refuses(
    'a loop that is not closed is refused',
    {
      $geoWithin: {
        $geometry: {
          type: 'Polygon',
          coordinates: [
            [
              [0, 0],
              [1, 0],
              [1, 1],
              [0, 1],
            ],
          ],
        },
      },
    },
    /Loop is not closed/,
  ),
  refuses(
    'a place beyond the poles is refused',
    { $geoIntersects: { $geometry: point(0, 91) } },
    /Longitude\/latitude is out of bounds/,
  ),
  refuses(
    'an unknown geometry is refused',
    { $geoIntersects: { $geometry: { type: 'Circle', coordinates: [0, 0] } } },
    /unknown GeoJSON type: Circle/,
  ),
  refuses(
    'a circle of a negative radius is refused',
    { $geoWithin: { $centerSphere: [[0, 0], -1] } },
    /radius must be a non-negative number/,
  ),
  {
    name: 'a document whose place is none is refused where a geo index is',
    indexes: geoIndex,
    run: (db) => db.collection('items').add({ data: { at: 'downtown' } }),
    fails: { errCode: -502001, errMsg: /Can't extract geo keys/, code: null },
    leaves: [],
  },
]

function box(Geo: Database['Geo'], west: number, south: number, east: number, north: number): never {
  const corners = ring(west, south, east, north).map(([lng, lat]) => Geo.Point?.(lng, lat))
  // The package types no geometry of what `Geo` makes.
  return Geo.Polygon?.([Geo.LineString?.(corners)]) as never
}
