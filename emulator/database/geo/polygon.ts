/** Polygons on the sphere. Whatever way its loop runs, a polygon is the smaller of the two parts it cuts the sphere into. */
import {
  angleToArc,
  arcsCross,
  cross,
  dot,
  type LngLat,
  TOUCH_RADIANS,
  toVector,
  unit,
  type Vector,
} from './sphere.ts'

export interface Polygon {
  outer: Ring
  holes: Ring[]
}

/** A closed loop: its last point is its first. */
export interface Ring {
  points: readonly LngLat[]
  edges: readonly (readonly [Vector, Vector])[]
  /** A point known to be inside, to count crossings from. */
  inside: Vector
}

export function createPolygon(outer: readonly LngLat[], holes: readonly (readonly LngLat[])[]): Polygon {
  return { outer: createRing(outer), holes: holes.map(createRing) }
}

/** Whether the point lies in the polygon; its edges belong to it, also those of holes. */
export function containsPoint(polygon: Polygon, point: LngLat): boolean {
  return containsVector(polygon, toVector(point))
}

export function containsVector({ outer, holes }: Polygon, p: Vector): boolean {
  return ringHolds(outer, p) && holes.every((hole) => isOnRing(hole, p) || !ringHolds(hole, p))
}

function ringHolds(ring: Ring, p: Vector): boolean {
  if (isOnRing(ring, p)) return true
  return countCrossings(ring, ring.inside, p) % 2 === 0
}

export function isOnRing({ edges }: Ring, p: Vector): boolean {
  return edges.some(([a, b]) => angleToArc(p, a, b) < TOUCH_RADIANS)
}

export function ringsOf({ outer, holes }: Polygon): Ring[] {
  return [outer, ...holes]
}

function createRing(points: readonly LngLat[]): Ring {
  const vectors = points.map(toVector)
  const edges = vectors.slice(1).map((vector, i) => [vectors[i] ?? vector, vector] as const)
  return { points, edges, inside: pointInside(edges, signedArea(vectors) >= 0) }
}

/** Positive when the smaller part lies on the left of the loop. */
function signedArea(vectors: readonly Vector[]): number {
  const [origin] = vectors
  if (!origin) return 0
  let area = 0
  for (let i = 1; i + 1 < vectors.length; i++) {
    const [a, b] = [vectors[i], vectors[i + 1]]
    if (!a || !b) continue
    // Eriksson's formula for the area of a triangle on the sphere.
    area += 2 * Math.atan2(dot(origin, cross(a, b)), 1 + dot(origin, a) + dot(a, b) + dot(b, origin))
  }
  // The sum is known up to the area of the sphere.
  const whole = 4 * Math.PI
  const rest = ((area % whole) + whole) % whole
  return rest > whole / 2 ? rest - whole : rest
}

/** A little beside the middle of the longest edge, on the side of the smaller part. */
function pointInside(edges: Ring['edges'], isLeft: boolean): Vector {
  let best: readonly [Vector, Vector] | undefined
  for (const edge of edges) if (!best || dot(edge[0], edge[1]) < dot(best[0], best[1])) best = edge
  if (!best) return [1, 0, 0]
  const [a, b] = best
  // Not quite the middle: a symmetrical shape would put corners in line with it.
  const middle = unit([a[0] * 0.47 + b[0] * 0.53, a[1] * 0.47 + b[1] * 0.53, a[2] * 0.47 + b[2] * 0.53])
  const left = unit(cross(a, b))
  const step = (isLeft ? 1 : -1) * TOUCH_RADIANS * 10
  return unit([middle[0] + left[0] * step, middle[1] + left[1] * step, middle[2] + left[2] * step])
}

function countCrossings({ edges }: Ring, from: Vector, to: Vector): number {
  let count = 0
  for (const [a, b] of edges) if (arcsCross(from, to, a, b)) count++
  return count
}
