/** How geometries lie to each other: within, touching, how far apart. */
import { edgesOf, type Geometry } from './geometry.ts'
import { containsVector, isOnRing, type Polygon, ringsOf } from './polygon.ts'
import { angle, angleToArc, arcsCross, type LngLat, TOUCH_RADIANS, toVector, type Vector } from './sphere.ts'

type Edge = readonly [Vector, Vector]

/** Radians from the point to the nearest part of the geometry; 0 inside of a polygon. */
export function distanceTo(geometry: Geometry, point: LngLat): number {
  const p = toVector(point)
  if (geometry.polygons.some((polygon) => containsVector(polygon, p))) return 0
  let nearest = Number.POSITIVE_INFINITY
  for (const other of geometry.points) nearest = Math.min(nearest, angle(p, toVector(other)))
  for (const [a, b] of edges(geometry)) nearest = Math.min(nearest, angleToArc(p, a, b))
  return nearest
}

/** Whether all of the geometry is no farther from the point than `radius` radians. */
export function isWithinCap(geometry: Geometry, centre: LngLat, radius: number): boolean {
  const c = toVector(centre)
  return corners(geometry).every((corner) => angle(c, corner) <= radius + TOUCH_RADIANS)
}

/** Whether every part of the geometry lies in one of the polygons. */
export function isWithinPolygons({ points, lines, polygons }: Geometry, containers: Polygon[]): boolean {
  const parts: Geometry[] = [
    ...points.map((point) => ({ points: [point], lines: [], polygons: [] })),
    ...lines.map((line) => ({ points: [], lines: [line], polygons: [] })),
    ...polygons.map((polygon) => ({ points: [], lines: [], polygons: [polygon] })),
  ]
  return parts.every((part) => containers.some((container) => isPartWithin(part, container)))
}

/** Whether the geometries share a point. */
export function intersects(a: Geometry, b: Geometry): boolean {
  return (
    a.polygons.some((polygon) => corners(b).some((corner) => containsVector(polygon, corner))) ||
    b.polygons.some((polygon) => corners(a).some((corner) => containsVector(polygon, corner))) ||
    touches(a, b) ||
    touches(b, a) ||
    edges(a).some(([p, q]) => edges(b).some(([r, s]) => arcsCross(p, q, r, s)))
  )
}

function isPartWithin(part: Geometry, container: Polygon): boolean {
  if (!corners(part).every((corner) => containsVector(container, corner))) return false
  const borders = ringsOf(container).flatMap((ring) => ring.edges)
  const crossesBorder = edges(part).some(([p, q]) => borders.some(([a, b]) => arcsCross(p, q, a, b)))
  // A hole may lie wholly inside the part without meeting its edges.
  const holdsHole = part.polygons.some((polygon) =>
    container.holes.some((hole) =>
      hole.edges.some(([corner]) => containsVector(polygon, corner) && !isOnRing(polygon.outer, corner)),
    ),
  )
  return !crossesBorder && !holdsHole
}

/** Whether a corner of `a` lies on a point or an edge of `b`. */
function touches(a: Geometry, b: Geometry): boolean {
  const others = b.points.map(toVector)
  const borders = edges(b)
  return corners(a).some(
    (p) =>
      others.some((other) => angle(p, other) < TOUCH_RADIANS) ||
      borders.some(([from, to]) => angleToArc(p, from, to) < TOUCH_RADIANS),
  )
}

function corners({ points, lines, polygons }: Geometry): Vector[] {
  return [
    ...points.map(toVector),
    ...lines.flatMap((line) => line.map(toVector)),
    ...polygons.flatMap((polygon) =>
      ringsOf(polygon).flatMap((ring) => ring.edges.map(([corner]) => corner)),
    ),
  ]
}

function edges({ lines, polygons }: Geometry): Edge[] {
  return [
    ...lines.flatMap((line) => edgesOf(line).map(([a, b]) => [toVector(a), toVector(b)] as const)),
    ...polygons.flatMap((polygon) => ringsOf(polygon).flatMap((ring) => ring.edges)),
  ]
}
