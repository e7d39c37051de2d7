/** $geoWithin and $geoIntersects; `$near` is no test of one document and is taken out by `near.ts` before. */
import { requestFailed } from '../errors.ts'
import { type Geometry, isFault, readGeoJson, readLocation } from '../geo/geometry.ts'
import { flatShapes, readCircle } from '../geo/plane.ts'
import { intersects, isWithinCap, isWithinPolygons } from '../geo/relations.ts'
import { type Document, isDocument, type MaybeValue, type Value } from '../values.ts'
import type { LeafTest } from './leaf.ts'

export function geoWithin(operand: Value): LeafTest {
  const [name, shape] = theShape('$geoWithin', operand)
  if (name === '$centerSphere') {
    const { centre, radius } = readCircle(name, shape)
    return onLocation((geometry) => isWithinCap(geometry, centre, radius))
  }
  const flat = Object.hasOwn(flatShapes, name) ? flatShapes[name]?.(shape) : undefined
  if (flat) {
    return onLocation(
      ({ points, lines, polygons }) => lines.length === 0 && polygons.length === 0 && points.every(flat),
    )
  }
  if (name !== '$geometry') throw unknownSpecifier(name)
  const { points, lines, polygons } = readGeometry(shape)
  if (polygons.length === 0 || points.length > 0 || lines.length > 0) {
    throw requestFailed(`$geoWithin not supported with provided geometry: ${shown({ $geometry: shape })}`)
  }
  return onLocation((geometry) => isWithinPolygons(geometry, polygons))
}

export function geoIntersects(operand: Value): LeafTest {
  const [name, shape] = theShape('$geoIntersects', operand)
  if (name !== '$geometry') {
    throw requestFailed(`$geoIntersects not supported with provided geometry: ${shown({ [name]: shape })}`)
  }
  const wanted = readGeometry(shape)
  return onLocation((geometry) => intersects(geometry, wanted))
}

/** Holds where there is a location and it passes the test. */
function onLocation(test: (geometry: Geometry) => boolean): LeafTest {
  return {
    matches(value: MaybeValue) {
      const geometry = readLocation(value)
      return !isFault(geometry) && test(geometry)
    },
  }
}

function theShape(operator: string, operand: Value): [name: string, shape: Value] {
  if (!isDocument(operand)) throw requestFailed(`${operator} needs an object`)
  const [entry, ...others] = Object.entries(operand).filter(([name]) => name !== '$uniqueDocs')
  if (!entry) throw requestFailed(`${operator}: geo query doesn't have any geometry`)
  const [other] = others
  if (other) throw unknownSpecifier(other[0])
  return entry
}

function readGeometry(shape: Value): Geometry {
  const geometry = readGeoJson(shape)
  if (isFault(geometry)) throw requestFailed(geometry.fault)
  return geometry
}

function unknownSpecifier(name: string): Error {
  return requestFailed(`unknown geo specifier: ${name}`)
}

function shown(value: Document): string {
  return JSON.stringify(value).slice(0, 200)
}
