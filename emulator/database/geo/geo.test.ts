import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { boxesAround, boxesOf } from './box.ts'
import { cellOf, cellsOf, coveringRanges } from './cells.ts'
import { type Geometry, isFault, type readGeoJson, readLocation } from './geometry.ts'
import { distanceTo, intersects, isWithinCap, isWithinPolygons } from './relations.ts'
import { angleBetween, EARTH_RADIUS_METERS, type LngLat } from './sphere.ts'

type Json = Parameters<typeof readGeoJson>[0]

function geometry(value: Json): Geometry {
  const read = readLocation(value)
  if (isFault(read)) throw new Error(read.fault)
  return read
}
const polygon = (...coordinates: number[][][]) => geometry({ type: 'Polygon', coordinates })
const point = (lng: number, lat: number) => geometry([lng, lat])
const line = (...coordinates: number[][]) => geometry({ type: 'LineString', coordinates })
const square = (west: number, south: number, east: number, north: number) => [
  [west, south],
  [east, south],
  [east, north],
  [west, north],
  [west, south],
]

describe('distances', () => {
  it('are measured along the sphere of the radius MongoDB takes', () => {
    expect(angleBetween([0, 0], [0, 90]) * EARTH_RADIUS_METERS).toBeCloseTo(10_018_696, 0)
    expect(angleBetween([179.5, 0], [-179.5, 0])).toBeCloseTo(Math.PI / 180, 10)
    expect(angleBetween([0, 90], [120, 90])).toBeCloseTo(0, 10)
  })

  it('to a line is to its nearest point, to a polygon around the point nothing', () => {
    expect(distanceTo(line([0, 0], [10, 0]), [5, 1])).toBeCloseTo(Math.PI / 180, 10)
    expect(distanceTo(line([0, 0], [10, 0]), [12, 0])).toBeCloseTo((2 * Math.PI) / 180, 10)
    expect(distanceTo(polygon(square(0, 0, 10, 10)), [5, 5])).toBe(0)
    expect(distanceTo(polygon(square(0, 0, 10, 10)), [5, -1])).toBeGreaterThan(0)
  })
})

describe('containment', () => {
  it('takes either direction of a loop for the smaller part', () => {
    for (const loop of [square(0, 0, 10, 10), square(0, 0, 10, 10).reverse()]) {
      expect(isWithinPolygons(point(5, 5), polygon(loop).polygons)).toBe(true)
      expect(isWithinPolygons(point(15, 5), polygon(loop).polygons)).toBe(false)
      expect(isWithinPolygons(point(-175, -5), polygon(loop).polygons)).toBe(false)
    }
  })

  it('counts edges and corners in', () => {
    const { polygons } = polygon(square(0, 0, 10, 10))
    expect(isWithinPolygons(point(0, 0), polygons)).toBe(true)
    expect(isWithinPolygons(point(0, 5), polygons)).toBe(true)
  })

  it('leaves holes out', () => {
    const { polygons } = polygon(square(0, 0, 10, 10), square(4, 4, 6, 6))
    expect(isWithinPolygons(point(5, 5), polygons)).toBe(false)
    expect(isWithinPolygons(point(2, 2), polygons)).toBe(true)
    expect(isWithinPolygons(polygon(square(3, 3, 7, 7)), polygons)).toBe(false)
  })

  it('crosses the 180th meridian and holds a pole', () => {
    expect(isWithinPolygons(point(179.9, 1), polygon(square(179, 0, -179, 2)).polygons)).toBe(true)
    expect(isWithinPolygons(point(0, 1), polygon(square(179, 0, -179, 2)).polygons)).toBe(false)
    const cap = polygon([
      [0, 80],
      [120, 80],
      [-120, 80],
      [0, 80],
    ])
    expect(isWithinPolygons(point(77, 90), cap.polygons)).toBe(true)
    expect(isWithinPolygons(point(77, -89), cap.polygons)).toBe(false)
  })

  it('wants all of a line, also between its ends', () => {
    const notch = polygon([
      [0, 0],
      [10, 0],
      [10, 10],
      [5, 1],
      [0, 10],
      [0, 0],
    ])
    expect(isWithinPolygons(line([1, 5], [9, 5]), notch.polygons)).toBe(false)
    expect(isWithinPolygons(line([1, 0.5], [9, 0.5]), notch.polygons)).toBe(true)
  })

  it('agrees with a cap', () => {
    expect(isWithinCap(point(1, 0), [0, 0], 0.018)).toBe(true)
    expect(isWithinCap(line([1, 0], [2, 0]), [0, 0], 0.018)).toBe(false)
  })
})

describe('intersection', () => {
  it('is any shared point', () => {
    expect(intersects(line([0, 0], [10, 10]), line([0, 10], [10, 0]))).toBe(true)
    expect(intersects(line([0, 0], [1, 1]), line([5, 5], [6, 6.5]))).toBe(false)
    expect(intersects(point(5, 0), line([0, 0], [10, 0]))).toBe(true)
    expect(intersects(polygon(square(0, 0, 10, 10)), polygon(square(4, 4, 5, 5)))).toBe(true)
    expect(intersects(polygon(square(4, 4, 5, 5)), polygon(square(0, 0, 10, 10)))).toBe(true)
    expect(intersects(polygon(square(0, 0, 10, 10)), line([-5, 5], [15, 5]))).toBe(true)
    expect(intersects(polygon(square(0, 0, 1, 1)), polygon(square(2, 2, 3, 3)))).toBe(false)
  })
})

describe('reading', () => {
  it.each([
    [{ type: 'Point', coordinates: [181, 0] }, 'Longitude/latitude is out of bounds, lng: 181 lat: 0'],
    [{ type: 'Circle', coordinates: [1, 0] }, 'unknown GeoJSON type: Circle'],
    [{ type: 'Polygon', coordinates: [square(0, 0, 1, 1).slice(1)] }, 'Loop is not closed'],
    [{ type: 'LineString', coordinates: [[1, 1]] }, 'at least 2 vertices'],
    [['a', 1], 'Point must only contain numeric elements'],
    ['here', 'Point must only contain numeric elements'],
  ])('finds fault with %j', (value, fault) => {
    expect(readLocation(value)).toMatchObject({ fault: expect.stringContaining(fault) })
  })
})

const lngLat = fc.tuple(
  fc.double({ min: -180, max: 180, noNaN: true }),
  fc.double({ min: -90, max: 90, noNaN: true }),
)
const isListed = (names: string[], ranges: { low: string; high: string }[]) =>
  names.some((name) => ranges.some(({ low, high }) => name >= low && name < high))

describe('cells', () => {
  it('find every point within a distance', () => {
    fc.assert(
      fc.property(lngLat, lngLat, fc.double({ min: 1e-6, max: 3, noNaN: true }), (centre, other, radius) => {
        const ranges = coveringRanges(boxesAround(centre, radius))
        const isNear = angleBetween(centre, other) <= radius
        expect(!isNear || isListed([cellOf(other)], ranges)).toBe(true)
      }),
      { numRuns: 2000, seed: 7 },
    )
  })

  it('find points right beside the centre too', () => {
    const offset = fc.double({ min: -1e-4, max: 1e-4, noNaN: true })
    fc.assert(
      fc.property(lngLat, offset, offset, (centre, dLng, dLat) => {
        const other: LngLat = [centre[0] + dLng, centre[1] + dLat]
        if (Math.abs(other[0]) > 180 || Math.abs(other[1]) > 90) return
        const ranges = coveringRanges(boxesAround(centre, angleBetween(centre, other)))
        expect(isListed([cellOf(other)], ranges)).toBe(true)
      }),
      { numRuns: 2000, seed: 8 },
    )
  })

  it('find every shape that meets a searched shape', () => {
    const corner = fc.tuple(fc.integer({ min: -1790, max: 1790 }), fc.integer({ min: -880, max: 880 }))
    const size = fc.integer({ min: 1, max: 300 })
    const box = fc
      .tuple(corner, size, size)
      .map(([[lng, lat], width, height]) =>
        polygon(
          square(lng / 10, lat / 10, Math.min(180, (lng + width) / 10), Math.min(89, (lat + height) / 10)),
        ),
      )
    fc.assert(
      fc.property(box, box, (stored, searched) => {
        if (!intersects(stored, searched)) return
        expect(isListed(cellsOf(stored), coveringRanges(boxesOf(searched)))).toBe(true)
      }),
      { numRuns: 1000, seed: 9 },
    )
  })

  it('of a small search are few and small', () => {
    const ranges = coveringRanges(boxesAround([120.15, 30.28], 1000 / EARTH_RADIUS_METERS))
    expect(ranges.length).toBeLessThan(60)
    expect(isListed([cellOf([120.15, 30.28])], ranges)).toBe(true)
    expect(isListed([cellOf([120.2, 30.28])], ranges)).toBe(false)
  })

  it('follow edges that bend towards the pole', () => {
    const arc = line([-60, 60], [60, 60])
    const [box] = boxesOf(arc)
    expect(box?.north).toBeGreaterThan(73)
    expect(box?.south).toBeCloseTo(60, 3)
  })
})
