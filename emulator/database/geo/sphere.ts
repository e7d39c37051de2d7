/** Points on the unit sphere and the arcs between them. An edge is the shorter great-circle arc, as in MongoDB's 2dsphere. */

/** `[longitude, latitude]` in degrees. */
export type LngLat = readonly [lng: number, lat: number]
export type Vector = readonly [x: number, y: number, z: number]

/** MongoDB's radius of the earth (its source, geo/geoconstants.h), by which metres become radians. */
export const EARTH_RADIUS_METERS = 6_378_100

/** About six millimetres: nearer than this, points and edges touch. */
export const TOUCH_RADIANS = 1e-9

const RADIANS_PER_DEGREE = Math.PI / 180

export function toVector([lng, lat]: LngLat): Vector {
  const theta = lng * RADIANS_PER_DEGREE
  const phi = lat * RADIANS_PER_DEGREE
  return [Math.cos(phi) * Math.cos(theta), Math.cos(phi) * Math.sin(theta), Math.sin(phi)]
}

/** Radians between two points, by the haversine formula: exact for near points too. */
export function angleBetween([aLng, aLat]: LngLat, [bLng, bLat]: LngLat): number {
  const halfLat = ((bLat - aLat) * RADIANS_PER_DEGREE) / 2
  const halfLng = ((bLng - aLng) * RADIANS_PER_DEGREE) / 2
  const h =
    Math.sin(halfLat) ** 2 +
    Math.cos(aLat * RADIANS_PER_DEGREE) * Math.cos(bLat * RADIANS_PER_DEGREE) * Math.sin(halfLng) ** 2
  return 2 * Math.asin(Math.min(1, Math.sqrt(h)))
}

/** Radians from `p` to the nearest point of the arc from `a` to `b`. */
export function angleToArc(p: Vector, a: Vector, b: Vector): number {
  const toEnds = Math.min(angle(p, a), angle(p, b))
  const pole = cross(a, b)
  const size = length(pole)
  if (size === 0) return toEnds
  // The nearest point of the circle lies on the arc when the planes through the pole and each end hold `p` between them.
  if (dot(cross(pole, a), p) < 0 || dot(cross(pole, b), p) > 0) return toEnds
  return Math.asin(Math.min(1, Math.abs(dot(p, pole)) / size))
}

/** Whether two arcs cross inside of both; arcs that only touch do not. */
export function arcsCross(a: Vector, b: Vector, c: Vector, d: Vector): boolean {
  const ab = cross(a, b)
  const acb = -dot(ab, c)
  const bda = dot(ab, d)
  if (acb * bda <= 0) return false
  const cd = cross(c, d)
  return acb * -dot(cd, b) > 0 && acb * dot(cd, a) > 0
}

/** The angle at the centre, which stays exact for very near vectors. */
export function angle(a: Vector, b: Vector): number {
  return Math.atan2(length(cross(a, b)), dot(a, b))
}

export function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

export function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

export function unit(a: Vector): Vector {
  const size = length(a)
  return [a[0] / size, a[1] / size, a[2] / size]
}

function length(a: Vector): number {
  return Math.sqrt(dot(a, a))
}
