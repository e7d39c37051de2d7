/** $geoNear: the documents around a point, nearest first, with their distance. It begins a pipeline. */
import type { Collection } from '../catalogue.ts'
import { requestFailed } from '../errors.ts'
import { toQuery } from '../find.ts'
import { isFault, readPair } from '../geo/geometry.ts'
import { bounds, fieldAt, type Near, type Place, readCentre } from '../geo/near.ts'
import { EARTH_RADIUS_METERS } from '../geo/sphere.ts'
import { setAt, splitPath } from '../paths.ts'
import { toPlain } from '../plain.ts'
import { type Document, fieldOf, isDocument, isNumber, toNumber, type Value } from '../values.ts'
import type { PipelineContext } from './stage.ts'
import { countOf } from './stages.ts'
import { structureCopy } from './structure-copy.ts'

/** Documents that the stage gives when it names no limit (MongoDB up to 4.0, whose options the SDK offers). */
const DEFAULT_LIMIT = 100

export function geoNear(context: PipelineContext, collection: Collection, operand: Value): Document[] {
  if (!isDocument(operand)) throw requestFailed('$geoNear requires an object argument')
  const { distanceField, includeLocs, query = {} } = operand
  if (typeof distanceField !== 'string') {
    throw requestFailed("$geoNear requires a 'distanceField' option as a String")
  }
  if (!isDocument(query)) throw requestFailed("$geoNear: the 'query' option must be an object")
  const near = readStage(collection, operand)
  const factor = near.unitsPerRadian * multiplier(operand)
  const limit = countOf('$geoNear', operand.limit ?? operand.num ?? DEFAULT_LIMIT, 1)
  const around = { ...toQuery(query, [], context.variables), near }
  return context.finder.nearest(collection, around, undefined, limit).map(({ found, place }) => {
    const document = found.document()
    const withDistance = withField(document, distanceField, place.radians * factor)
    const told =
      typeof includeLocs === 'string' ? withLocation(withDistance, includeLocs, place) : withDistance
    // The plain form of a document is a document.
    return toPlain(told) as Document
  })
}

function readStage(collection: Collection, operand: Document): Near {
  const { near, key } = operand
  const isGeoJson = near !== undefined && isDocument(near) && Object.hasOwn(near, 'type')
  if (near === undefined) throw requestFailed("$geoNear requires a 'near' option as an Array or Object")
  const centre = isGeoJson ? readCentre(near) : readPair(near)
  if (isFault(centre)) throw requestFailed(`invalid argument in geo near query: ${centre.fault}`)
  const names = { min: 'minDistance', max: 'maxDistance' }
  return {
    ...fieldAt(indexedPath(collection, key)),
    // Distances from a pair are in radians, those from a Point in metres.
    ...bounds(operand, isGeoJson ? EARTH_RADIUS_METERS : 1, names),
    centre,
  }
}

/** The field whose geo index the stage uses: the one named, or the only one. */
function indexedPath({ indexes }: Collection, key: Value | undefined): string {
  const paths = indexes.flatMap(({ definition }) =>
    definition.fields.filter(({ direction }) => direction === '2dsphere').map(({ path }) => path),
  )
  if (key !== undefined && (typeof key !== 'string' || key === '')) {
    throw requestFailed("$geoNear parameter 'key' must be of type string")
  }
  const [path, other] = key === undefined ? [...new Set(paths)] : paths.filter((each) => each === key)
  if (path === undefined) throw requestFailed('$geoNear requires a 2d or 2dsphere index, but none were found')
  if (other !== undefined && key === undefined) {
    throw requestFailed('There is more than one 2dsphere index; unsure which to use for $geoNear')
  }
  return path
}

function multiplier({ distanceMultiplier = 1 }: Document): number {
  if (!isNumber(distanceMultiplier) || !(toNumber(distanceMultiplier) >= 0)) {
    throw requestFailed('$geoNear requires that distanceMultiplier be a non-negative number')
  }
  return toNumber(distanceMultiplier)
}

function withLocation(document: Document, path: string, { location }: Place): Document {
  return withField(document, path, location)
}

function withField(document: Document, path: string, value: Value): Document {
  const segments = splitPath(path)
  const [first = ''] = segments
  const copy = structureCopy(document, segments)
  if (segments.length > 1 && !isDocument(fieldOf(copy, first))) delete copy[first]
  setAt(copy, segments, value)
  return copy
}
