/** The registry of field operators: `$name` to a builder of its test. `$regex` and `$not` live in compile.ts. */
import { all, elemMatch, size } from './array.ts'
import { bitsTest } from './bits.ts'
import { equality, inList, ordering } from './comparison.ts'
import { exists, mod, type } from './element.ts'
import { geoIntersects, geoWithin } from './geo.ts'
import type { LeafTest, OperatorBuilder } from './leaf.ts'

const not = (test: LeafTest): LeafTest => ({ matches: () => true, negated: [test] })

export const operators: Record<string, OperatorBuilder> = {
  $eq: (operand) => equality(operand, { literal: true }),
  $ne: (operand) => not(equality(operand, { literal: true })),
  $in: (operand) => inList('$in', operand),
  $nin: (operand) => not(inList('$nin', operand)),
  $gt: (operand) => ordering(operand, (order) => order > 0, false),
  $gte: (operand) => ordering(operand, (order) => order >= 0, true),
  $lt: (operand) => ordering(operand, (order) => order < 0, false),
  $lte: (operand) => ordering(operand, (order) => order <= 0, true),
  $exists: exists,
  $type: type,
  $mod: mod,
  $size: size,
  $all: all,
  $elemMatch: elemMatch,
  $geoWithin: geoWithin,
  $within: geoWithin,
  $geoIntersects: geoIntersects,
  $bitsAllSet: bitsTest('$bitsAllSet', (set, mask) => set === mask),
  $bitsAnySet: bitsTest('$bitsAnySet', (set) => set !== 0n),
  $bitsAllClear: bitsTest('$bitsAllClear', (set) => set === 0n),
  $bitsAnyClear: bitsTest('$bitsAnyClear', (set, mask) => set !== mask),
}
