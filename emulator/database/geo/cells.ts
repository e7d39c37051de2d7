/**
 * Cells of the earth for an index: quadrants of longitude and latitude, halved again and again. A cell's name is one
 * digit 0-3 per halving, so that a cell lies inside those whose name its own begins with, and neighbours mostly have
 * neighbouring names.
 */
import { type Box, boxesOf } from './box.ts'
import type { Geometry } from './geometry.ts'
import type { LngLat } from './sphere.ts'

/** The finest cells are about half a metre wide. */
const LEVELS = 26
/** More cells fit a shape closer, but each is an entry of its document in the index. */
const CELLS_PER_SHAPE = 12
/** More cells read fewer documents in vain, but each is a walk through the index. */
const CELLS_PER_SEARCH = 24

/** Names from `low` up to, not including, `high`. */
export interface CellRange {
  low: string
  high: string
}

/** The finest cell that holds the point. */
export function cellOf([lng, lat]: LngLat): string {
  let [west, width, south, height] = [-180, 360, -90, 180]
  let name = ''
  while (name.length < LEVELS) {
    width /= 2
    height /= 2
    const isEast = lng >= west + width
    const isNorth = lat >= south + height
    if (isEast) west += width
    if (isNorth) south += height
    name += (isNorth ? 2 : 0) + (isEast ? 1 : 0)
  }
  return name
}

/** The names under which an index lists a geometry. */
export function cellsOf(geometry: Geometry): string[] {
  const isPoints = geometry.lines.length === 0 && geometry.polygons.length === 0
  return isPoints
    ? [...new Set(geometry.points.map(cellOf))]
    : coveringCells(boxesOf(geometry), CELLS_PER_SHAPE)
}

/**
 * The names of every listed geometry that may touch the boxes: those of the cells that cover them, of the cells inside
 * those, and of the larger cells around them. Ranges are in order and do not overlap; candidates are to be tested.
 */
export function coveringRanges(boxes: readonly Box[]): CellRange[] {
  const covering = coveringCells(boxes, CELLS_PER_SEARCH)
  const around = new Set(covering.flatMap((name) => [...name].map((_, i) => name.slice(0, i))))
  const ranges = [
    ...covering.map((name) => ({ low: name, high: `${name}4` })),
    // Nothing stands between a name and the same with a space.
    ...[...around].map((name) => ({ low: name, high: `${name} ` })),
  ].sort((a, b) => (a.low < b.low ? -1 : 1))
  const merged: CellRange[] = []
  for (const range of ranges) {
    const last = merged[merged.length - 1]
    if (last && range.low < last.high) {
      if (range.high > last.high) last.high = range.high
    } else merged.push({ ...range })
  }
  return merged
}

/** The finest cells that cover the boxes and are not more than `most`. */
function coveringCells(boxes: readonly Box[], most: number): string[] {
  let cells: Cell[] = [{ name: '', west: -180, east: 180, south: -90, north: 90 }]
  for (let level = 0; level < LEVELS; level++) {
    const next = cells.flatMap((cell) =>
      boxes.some((box) => isInside(cell, box))
        ? [cell]
        : quadrants(cell).filter((quadrant) => boxes.some((box) => isTouching(quadrant, box))),
    )
    if (next.length > most) break
    cells = next
  }
  return cells.map(({ name }) => name)
}

interface Cell extends Box {
  name: string
}

function quadrants({ name, west, east, south, north }: Cell): Cell[] {
  const lng = (west + east) / 2
  const lat = (south + north) / 2
  return [
    { name: `${name}0`, west, east: lng, south, north: lat },
    { name: `${name}1`, west: lng, east, south, north: lat },
    { name: `${name}2`, west, east: lng, south: lat, north },
    { name: `${name}3`, west: lng, east, south: lat, north },
  ]
}

function isTouching(a: Box, b: Box): boolean {
  return a.west <= b.east && b.west <= a.east && a.south <= b.north && b.south <= a.north
}

function isInside(inner: Box, outer: Box): boolean {
  return (
    inner.west >= outer.west &&
    inner.east <= outer.east &&
    inner.south >= outer.south &&
    inner.north <= outer.north
  )
}
