/** What `$near`, `$nearSphere` and `$geoNear` ask for: documents by their distance from a point. */
import { requestFailed } from '../errors.ts'
import { splitPath } from '../paths.ts'
import {
  type Document,
  fieldOf,
  isDocument,
  isNumber,
  type MaybeValue,
  toNumber,
  type Value,
} from '../values.ts'
import { type Geometry, isFault, readGeoJson, readLocation, readPair } from './geometry.ts'
import { distanceTo } from './relations.ts'
import { EARTH_RADIUS_METERS, type LngLat } from './sphere.ts'

export interface Near {
  path: string
  segments: string[]
  centre: LngLat
  minRadians: number
  maxRadians: number
  /** What distances are told in: metres for GeoJSON, radians for a pair. */
  unitsPerRadian: number
}

export interface Place {
  radians: number
  /** As the document holds it. */
  location: Value
}

/**
 * `$near` and `$nearSphere` of a field: `{ $geometry, $minDistance, $maxDistance }` in metres, or `[lng, lat]` with the
 * distances beside it, in radians.
 */
export function readNear(path: string, operator: string, condition: Document): Near {
  const operand = condition[operator] ?? null
  if (isDocument(operand) && Object.hasOwn(operand, '$geometry')) {
    return {
      ...fieldAt(path),
      ...bounds(operand, EARTH_RADIUS_METERS),
      centre: readCentre(operand.$geometry),
    }
  }
  const pair = isDocument(operand) && Object.hasOwn(operand, 'type') ? readCentre(operand) : readPair(operand)
  if (isFault(pair)) throw requestFailed(`invalid point in geo near query $geometry argument: ${pair.fault}`)
  const isGeoJson = isDocument(operand) && Object.hasOwn(operand, 'type')
  return { ...fieldAt(path), ...bounds(condition, isGeoJson ? EARTH_RADIUS_METERS : 1), centre: pair }
}

/** The point of a near query, which must be one in GeoJSON. */
export function readCentre(value: MaybeValue): LngLat {
  const read = readGeoJson(value)
  if (isFault(read)) throw requestFailed(`invalid point in geo near query $geometry argument: ${read.fault}`)
  const [point] = read.points
  if (!point || (value !== undefined && isDocument(value) && value.type !== 'Point')) {
    throw requestFailed('$near requires a point, given a different geometry')
  }
  return point
}

export function fieldAt(path: string): Pick<Near, 'path' | 'segments'> {
  return { path, segments: splitPath(path) }
}

/** `$minDistance` and `$maxDistance`, in the units given. */
export function bounds(
  options: Document,
  unitsPerRadian: number,
  names = { min: '$minDistance', max: '$maxDistance' },
): Pick<Near, 'minRadians' | 'maxRadians' | 'unitsPerRadian'> {
  return {
    minRadians: distance(options, names.min, 0) / unitsPerRadian,
    maxRadians: distance(options, names.max, Number.POSITIVE_INFINITY) / unitsPerRadian,
    unitsPerRadian,
  }
}

function distance(options: Document, name: string, otherwise: number): number {
  const value = fieldOf(options, name)
  if (value === undefined) return otherwise
  if (!isNumber(value)) throw requestFailed(`${name.replace('$', '')} must be a number`)
  if (!(toNumber(value) >= 0)) throw requestFailed(`${name.replace('$', '')} must be non-negative`)
  return toNumber(value)
}

/** The nearest location that the document has at the path, if it is within the bounds. */
export function placeOf(near: Near, document: Document): Place | undefined {
  let nearest: Place | undefined
  for (const { geometry, location } of locationsAt(document, near.segments)) {
    const radians = distanceTo(geometry, near.centre)
    if (!nearest || radians < nearest.radians) nearest = { radians, location }
  }
  return nearest && nearest.radians >= near.minRadians && nearest.radians <= near.maxRadians
    ? nearest
    : undefined
}

/** Every location at a path, through arrays; an array of two numbers is one location itself. */
function locationsAt(
  value: MaybeValue,
  segments: readonly string[],
): { geometry: Geometry; location: Value }[] {
  const [segment, ...rest] = segments
  if (value === undefined) return []
  if (segment === undefined) {
    const geometry = readLocation(value)
    if (!isFault(geometry)) return [{ geometry, location: value }]
    return Array.isArray(value) ? value.flatMap((item) => locationsAt(item, [])) : []
  }
  if (Array.isArray(value))
    return value.flatMap((item) => (isDocument(item) ? locationsAt(item, segments) : []))
  return isDocument(value) ? locationsAt(fieldOf(value, segment), rest) : []
}
