/**
 * $text. It needs a text index, and the platform offers none to make, so a well-formed search is refused as MongoDB
 * refuses it without one.
 */
import { requestFailed } from '../errors.ts'
import { isDocument, type Value } from '../values.ts'

const options = new Set(['$search', '$language', '$caseSensitive', '$diacriticSensitive'])

export function refuseText(operand: Value): never {
  if (!isDocument(operand)) throw requestFailed('$text expects an object')
  const unknown = Object.keys(operand).find((name) => !options.has(name))
  if (unknown !== undefined) throw requestFailed(`extra fields in $text: ${unknown}`)
  // `db.command.text('…')` sends no search at all: the SDK drops it (commands/query, `text`).
  if (operand.$search === undefined) throw requestFailed('Missing expected field "$search"')
  if (typeof operand.$search !== 'string')
    throw requestFailed('"$search" had the wrong type. Expected string')
  throw requestFailed('text index required for $text query')
}
