/** The documents nearest to a point: circles around it, each larger than the one before, until enough are inside. */
import type { Found } from './find.ts'
import { type Near, type Place, placeOf } from './geo/near.ts'
import { EARTH_RADIUS_METERS } from './geo/sphere.ts'

export interface FoundNear {
  found: Found
  place: Place
}

const FIRST_CIRCLE_METERS = 100
const GROWTH = 2

/**
 * At most `wanted` of them, nearest first.
 * @param within gives at least all that lie within the circle, of which the radius is told
 */
export function nearest(
  near: Near,
  wanted: number,
  within: (radians: number) => Iterable<Found>,
): FoundNear[] {
  const furthest = Math.min(near.maxRadians, Math.PI)
  const first = Math.max(FIRST_CIRCLE_METERS / EARTH_RADIUS_METERS, near.minRadians * GROWTH)
  let radians = Number.isFinite(wanted) ? Math.min(first, furthest) : furthest
  for (;;) {
    const inside: FoundNear[] = []
    for (const found of within(radians)) {
      const place = placeOf(near, found.document())
      if (place && place.radians <= radians) inside.push({ found, place })
    }
    if (inside.length >= wanted || radians >= furthest) {
      return inside.sort((a, b) => a.place.radians - b.place.radians).slice(0, wanted)
    }
    radians = Math.min(radians * GROWTH, furthest)
  }
}
