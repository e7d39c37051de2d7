/** Locations in documents and queries: GeoJSON, and MongoDB's older pairs `[lng, lat]`, as one form to compute with. */
import { isDocument, isNumber, type MaybeValue, toNumber, type Value } from '../values.ts'
import { createPolygon, type Polygon } from './polygon.ts'
import type { LngLat } from './sphere.ts'

/** Everything that a geometry consists of; a Point is one of `points`. */
export interface Geometry {
  points: LngLat[]
  lines: LngLat[][]
  polygons: Polygon[]
}

/** Why something is no geometry, in MongoDB's words. */
export interface Fault {
  fault: string
}

/** GeoJSON of any type, or a pair. What is not meant as a location at all has a fault too. */
export function readLocation(value: MaybeValue): Geometry | Fault {
  if (value !== undefined && isDocument(value) && Object.hasOwn(value, 'type')) return readGeoJson(value)
  const point = readPair(value)
  return isFault(point) ? point : { points: [point], lines: [], polygons: [] }
}

export function isFault(read: object): read is Fault {
  return 'fault' in read
}

export function readGeoJson(value: MaybeValue): Geometry | Fault {
  if (value === undefined || !isDocument(value)) return { fault: 'GeoJSON must be an object' }
  const { type, coordinates, geometries } = value
  if (type === 'GeometryCollection') return readAll(geometries, readGeoJson, 'geometries')
  const read = typeof type === 'string' && Object.hasOwn(readers, type) ? readers[type] : undefined
  if (!read) return { fault: `unknown GeoJSON type: ${typeof type === 'string' ? type : 'none'}` }
  return read(coordinates)
}

/** `[lng, lat]`, or an object whose first two fields are numbers. */
export function readPair(value: MaybeValue): LngLat | Fault {
  const numbers = Array.isArray(value)
    ? value
    : value !== undefined && isDocument(value)
      ? Object.values(value)
      : []
  const [lng, lat] = numbers
  if (!isNumber(lng) || !isNumber(lat)) return { fault: 'Point must only contain numeric elements' }
  return position(toNumber(lng), toNumber(lat))
}

/** The edges of a line. */
export function edgesOf(points: readonly LngLat[]): [LngLat, LngLat][] {
  return points.slice(1).map((point, i) => [points[i] ?? point, point])
}

const readers: Record<string, (coordinates: MaybeValue) => Geometry | Fault> = {
  Point: (coordinates) =>
    map(readPosition(coordinates), (point) => ({ points: [point], lines: [], polygons: [] })),
  LineString: (coordinates) =>
    map(readLine(coordinates), (line) => ({ points: [], lines: [line], polygons: [] })),
  Polygon: (coordinates) =>
    map(readPolygon(coordinates), (polygon) => ({ points: [], lines: [], polygons: [polygon] })),
  MultiPoint: (coordinates) => readAll(coordinates, (item) => readers.Point?.(item), 'MultiPoint'),
  MultiLineString: (coordinates) =>
    readAll(coordinates, (item) => readers.LineString?.(item), 'MultiLineString'),
  MultiPolygon: (coordinates) => readAll(coordinates, (item) => readers.Polygon?.(item), 'MultiPolygon'),
}

function readAll(
  items: MaybeValue,
  read: (item: Value) => Geometry | Fault | undefined,
  name: string,
): Geometry | Fault {
  if (!Array.isArray(items) || items.length === 0)
    return { fault: `${name} coordinates must have at least 1 element` }
  const all: Geometry = { points: [], lines: [], polygons: [] }
  for (const item of items) {
    const one = read(item)
    if (!one || isFault(one)) return one ?? { fault: `${name} is malformed` }
    all.points.push(...one.points)
    all.lines.push(...one.lines)
    all.polygons.push(...one.polygons)
  }
  return all
}

function readPosition(coordinates: MaybeValue): LngLat | Fault {
  if (!Array.isArray(coordinates)) return { fault: 'Point must be an array or object' }
  return readPair(coordinates)
}

function readPositions(coordinates: MaybeValue): LngLat[] | Fault {
  if (!Array.isArray(coordinates)) return { fault: 'GeoJSON coordinates must be an array of coordinates' }
  const points: LngLat[] = []
  for (const item of coordinates) {
    const point = readPosition(item)
    if (isFault(point)) return point
    points.push(point)
  }
  return points
}

function readLine(coordinates: MaybeValue): LngLat[] | Fault {
  return map(readPositions(coordinates), (points) => {
    const distinct = withoutRepeats(points)
    return distinct.length < 2
      ? { fault: `GeoJSON LineString must have at least 2 vertices: ${shown(coordinates)}` }
      : distinct
  })
}

function readPolygon(coordinates: MaybeValue): Polygon | Fault {
  if (!Array.isArray(coordinates) || coordinates.length === 0)
    return { fault: 'Polygon coordinates must be an array of at least one loop' }
  const rings: LngLat[][] = []
  for (const loop of coordinates) {
    const points = readPositions(loop)
    if (isFault(points)) return points
    const [first] = points
    const last = points[points.length - 1]
    if (!first || !last || first[0] !== last[0] || first[1] !== last[1])
      return { fault: `Loop is not closed: ${shown(loop)}` }
    const ring = withoutRepeats(points)
    if (new Set(ring.map(String)).size < 3)
      return { fault: `Loop must have at least 3 different vertices: ${shown(loop)}` }
    rings.push(ring)
  }
  const [outer = [], ...holes] = rings
  return createPolygon(outer, holes)
}

function position(lng: number, lat: number): LngLat | Fault {
  if (Math.abs(lng) <= 180 && Math.abs(lat) <= 90) return [lng, lat]
  return { fault: `Longitude/latitude is out of bounds, lng: ${lng} lat: ${lat}` }
}

function withoutRepeats(points: LngLat[]): LngLat[] {
  return points.filter(([lng, lat], i) => {
    const before = points[i - 1]
    return !before || before[0] !== lng || before[1] !== lat
  })
}

function map<T extends object, R>(read: T | Fault, change: (read: T) => R | Fault): R | Fault {
  return isFault(read) ? read : change(read)
}

function shown(value: MaybeValue): string {
  return (JSON.stringify(value) ?? '').slice(0, 120)
}
