/** Boxes of longitude and latitude around shapes on the sphere: what an index of cells searches. */
import { edgesOf, type Geometry } from './geometry.ts'
import { containsPoint } from './polygon.ts'
import { cross, dot, type LngLat, toVector, unit, type Vector } from './sphere.ts'

/** Degrees; `west` is never beyond `east`, so what crosses the 180th meridian is two boxes. */
export interface Box {
  west: number
  east: number
  south: number
  north: number
}

const DEGREES_PER_RADIAN = 180 / Math.PI
/** Keeps what rounding would leave just outside. */
const MARGIN_DEGREES = 1e-7

/** Everything within `radius` radians of the point. */
export function boxesAround([lng, lat]: LngLat, radius: number): Box[] {
  const reach = Math.min(180, radius * DEGREES_PER_RADIAN)
  const south = lat - reach
  const north = lat + reach
  // A cap that holds a pole meets every meridian.
  if (south <= -90 || north >= 90) return split(-180, 180, south, north)
  const width = Math.asin(Math.sin(radius) / Math.cos(lat / DEGREES_PER_RADIAN)) * DEGREES_PER_RADIAN
  return split(lng - width, lng + width, south, north)
}

/** The whole geometry, with the arcs of its edges, which bend towards the nearer pole. */
export function boxesOf(geometry: Geometry): Box[] {
  return [
    ...geometry.points.flatMap(([lng, lat]) => split(lng, lng, lat, lat)),
    ...geometry.lines.flatMap((line) => boxesOfPath(line)),
    ...geometry.polygons.flatMap((polygon) => {
      const boxes = boxesOfPath(polygon.outer.points)
      const south = Math.min(...boxes.map((box) => box.south))
      const north = Math.max(...boxes.map((box) => box.north))
      if (containsPoint(polygon, [0, 90])) return split(-180, 180, south, 90)
      if (containsPoint(polygon, [0, -90])) return split(-180, 180, -90, north)
      return boxes
    }),
  ]
}

/** One box, or two, around a line: longitudes are followed from point to point, the shorter way. */
function boxesOfPath(points: readonly LngLat[]): Box[] {
  const [first] = points
  if (!first) return []
  let lng = first[0]
  let [west, east, south, north] = [lng, lng, first[1], first[1]]
  for (const [a, b] of edgesOf(points)) {
    const step = b[0] - a[0]
    lng += step > 180 ? step - 360 : step < -180 ? step + 360 : step
    west = Math.min(west, lng)
    east = Math.max(east, lng)
    const [low, high] = latitudesOf(a, b)
    south = Math.min(south, low)
    north = Math.max(north, high)
  }
  return split(west, east, south, north)
}

/** The least and the greatest latitude on an arc, which may lie between its ends. */
function latitudesOf(a: LngLat, b: LngLat): [low: number, high: number] {
  let low = Math.min(a[1], b[1])
  let high = Math.max(a[1], b[1])
  const [from, to] = [toVector(a), toVector(b)]
  const pole = cross(from, to)
  if (dot(pole, pole) === 0) return [low, high]
  const [x, y, z] = unit(pole)
  const top: Vector = [-x * z, -y * z, 1 - z * z]
  const latitude = Math.acos(Math.min(1, Math.abs(z))) * DEGREES_PER_RADIAN
  const [afterStart, beforeEnd] = [dot(cross(pole, from), top), dot(cross(pole, to), top)]
  if (afterStart > 0 && beforeEnd < 0) high = latitude
  if (afterStart < 0 && beforeEnd > 0) low = -latitude
  return [low, high]
}

function split(west: number, east: number, south: number, north: number): Box[] {
  const rows = {
    south: Math.max(-90, south - MARGIN_DEGREES),
    north: Math.min(90, north + MARGIN_DEGREES),
  }
  const left = west - MARGIN_DEGREES
  const right = east + MARGIN_DEGREES
  if (right - left >= 360) return [{ west: -180, east: 180, ...rows }]
  if (left < -180) return [box(-180, right), box(left + 360, 180)]
  if (right > 180) return [box(left, 180), box(-180, right - 360)]
  return [box(left, right)]

  function box(from: number, to: number): Box {
    return { west: from, east: to, ...rows }
  }
}
