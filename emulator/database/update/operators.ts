/** The registry of update operators that change one field: `$name` to what becomes of the field's value. */

import { inc, mul } from './arithmetic.ts'
import { addToSet, pop, pull, pullAll } from './array.ts'
import { bit } from './bit.ts'
import { max, min } from './extremes.ts'
import type { FieldOperator } from './field-operator.ts'
import { push } from './push.ts'
import { currentDate, set, setOnInsert, unset } from './set.ts'

export const fieldOperators: Record<string, FieldOperator> = {
  $set: set,
  $unset: unset,
  $setOnInsert: setOnInsert,
  $currentDate: currentDate,
  $inc: inc,
  $mul: mul,
  $min: min,
  $max: max,
  $bit: bit,
  $push: push,
  $pop: pop,
  $addToSet: addToSet,
  $pull: pull,
  $pullAll: pullAll,
}
