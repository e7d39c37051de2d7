/** What a geo index lists of a document, and what of it a query has to read. */
import { requestFailed } from '../errors.ts'
import { type Document, fieldOf, isDocument, type MaybeValue } from '../values.ts'
import { type Box, boxesAround, boxesOf } from './box.ts'
import { type CellRange, cellsOf, coveringRanges } from './cells.ts'
import { isFault, readGeoJson, readLocation } from './geometry.ts'
import type { Near } from './near.ts'
import { readCircle } from './plane.ts'

/** The cells of every location at the path; a document without one is not listed. Throws when something else is there. */
export function geoKeys(document: Document, segments: readonly string[]): string[] {
  return [...new Set(cellsAt(document, segments))]
}

function cellsAt(value: MaybeValue, segments: readonly string[]): string[] {
  const [segment, ...rest] = segments
  if (value === undefined || value === null) return []
  if (segment !== undefined) {
    if (Array.isArray(value))
      return value.flatMap((item) => (isDocument(item) ? cellsAt(item, segments) : []))
    return isDocument(value) ? cellsAt(fieldOf(value, segment), rest) : []
  }
  const geometry = readLocation(value)
  if (!isFault(geometry)) return cellsOf(geometry)
  // An array of locations, as MongoDB lists it too.
  if (Array.isArray(value) && value.every((item) => isDocument(item) || Array.isArray(item))) {
    return value.flatMap((item) => cellsAt(item, []))
  }
  throw requestFailed(`Can't extract geo keys: ${JSON.stringify(value).slice(0, 200)}  ${geometry.fault}`)
}

/** The part of the index that holds every match of a field's operators, or undefined when they do not narrow it. */
export function geoRanges(condition: Document): CellRange[] | undefined {
  const boxes = boxesOfOperand(condition.$geoWithin) ?? boxesOfOperand(condition.$geoIntersects)
  return boxes && coveringRanges(boxes)
}

/** The part of the index within a distance of the point; ask for more and more until enough is found. */
export function nearRanges({ centre }: Near, radians: number): CellRange[] {
  return coveringRanges(boxesAround(centre, radians))
}

function boxesOfOperand(operand: MaybeValue): Box[] | undefined {
  if (operand === undefined || !isDocument(operand)) return undefined
  if (operand.$centerSphere !== undefined) {
    const { centre, radius } = readCircle('$centerSphere', operand.$centerSphere)
    return boxesAround(centre, radius)
  }
  const geometry = readGeoJson(operand.$geometry)
  return isFault(geometry) ? undefined : boxesOf(geometry)
}
