/** The older shapes `$box`, `$center` and `$polygon`, on the flat plane of longitude and latitude; only points lie in them. */
import { requestFailed } from '../errors.ts'
import { isNumber, type MaybeValue, toNumber, type Value } from '../values.ts'
import { isFault, readPair } from './geometry.ts'
import type { LngLat } from './sphere.ts'

export type FlatTest = (point: LngLat) => boolean

export const flatShapes: Record<string, (operand: Value) => FlatTest> = {
  $box(operand) {
    const [a, b] = pairs('$box', operand, 2)
    if (!a || !b) throw requestFailed('$box needs two corners')
    const [west, east] = a[0] < b[0] ? [a[0], b[0]] : [b[0], a[0]]
    const [south, north] = a[1] < b[1] ? [a[1], b[1]] : [b[1], a[1]]
    return ([lng, lat]) => lng >= west && lng <= east && lat >= south && lat <= north
  },

  $center(operand) {
    const { centre, radius } = readCircle('$center', operand)
    return ([lng, lat]) => Math.hypot(lng - centre[0], lat - centre[1]) <= radius
  },

  $polygon(operand) {
    const corners = pairs('$polygon', operand, 3)
    return (point) => isInside(corners, point)
  },
}

/** `[[lng, lat], radius]`, as `$center` and `$centerSphere` have it. */
export function readCircle(name: string, operand: Value): { centre: LngLat; radius: number } {
  const [middle, size] = Array.isArray(operand) ? operand : []
  const centre = readPair(middle)
  if (isFault(centre)) throw requestFailed(`${name}: ${centre.fault}`)
  const radius: MaybeValue = size
  if (!isNumber(radius) || !(toNumber(radius) >= 0)) {
    throw requestFailed(`${name}: radius must be a non-negative number`)
  }
  return { centre, radius: toNumber(radius) }
}

function pairs(name: string, operand: Value, least: number): LngLat[] {
  const items = Array.isArray(operand) ? operand : []
  if (items.length < least) throw requestFailed(`${name} needs at least ${least} points`)
  return items.map((item) => {
    const pair = readPair(item)
    if (isFault(pair)) throw requestFailed(`${name}: ${pair.fault}`)
    return pair
  })
}

/** Even-odd rule; a point on an edge is inside. */
function isInside(corners: LngLat[], [x, y]: LngLat): boolean {
  let inside = false
  for (const [i, [bx, by]] of corners.entries()) {
    const [ax, ay] = corners.at(i - 1) ?? [bx, by]
    const side = (bx - ax) * (y - ay) - (by - ay) * (x - ax)
    const isBeside =
      x >= Math.min(ax, bx) && x <= Math.max(ax, bx) && y >= Math.min(ay, by) && y <= Math.max(ay, by)
    if (side === 0 && isBeside) return true
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside
  }
  return inside
}
