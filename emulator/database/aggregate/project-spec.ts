/** What MongoDB refuses of a `$project` or `$unwind` before it runs, and mingo carries out somehow. */
import { requestFailed } from '../errors.ts'
import { isDocument, isNumber, toNumber, type Value } from '../values.ts'

export function assertProject(operand: Value): void {
  if (!isDocument(operand)) throw requestFailed('$project specification must be an object')
  const fields = Object.entries(operand)
  if (fields.length === 0) {
    throw requestFailed('Invalid $project :: caused by :: specification must have at least one field')
  }
  let isInclusion: boolean | undefined
  for (const [name, wish] of fields) {
    if (name === '' || name.startsWith('$')) {
      throw requestFailed(
        `Invalid $project :: caused by :: FieldPath field names may not start with '$': '${name}'`,
      )
    }
    if (name === '_id') continue
    const includes = !isExclusion(wish)
    if (isInclusion !== undefined && isInclusion !== includes) {
      const [own, whole] = includes ? ['inclusion', 'exclusion'] : ['exclusion', 'inclusion']
      throw requestFailed(
        `Invalid $project :: caused by :: Cannot do ${own} on field ${name} in ${whole} projection`,
      )
    }
    isInclusion = includes
  }
}

export function assertUnwind(operand: Value): void {
  const { path, ...options } = isDocument(operand) ? operand : { path: operand }
  if (typeof path !== 'string') {
    throw requestFailed('expected either a string or an object as specification for $unwind stage')
  }
  if (!path.startsWith('$')) {
    throw requestFailed(`path option to $unwind stage should be prefixed with a '$': ${path}`)
  }
  const known = ['includeArrayIndex', 'preserveNullAndEmptyArrays']
  const unknown = Object.keys(options).find((name) => !known.includes(name))
  if (unknown !== undefined) throw requestFailed(`unrecognized option to $unwind stage: ${unknown}`)
}

function isExclusion(wish: Value): boolean {
  return wish === false || (isNumber(wish) && toNumber(wish) === 0)
}
