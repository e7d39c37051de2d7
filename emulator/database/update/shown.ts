/** Values as MongoDB shows them in its messages. */
import { BSONRegExp } from 'bson'
import { isDocument, isNumber, type MaybeValue, toNumber, type Value } from '../values.ts'

export function shown(value: MaybeValue): string {
  if (value === undefined) return 'missing'
  if (isNumber(value)) return String(toNumber(value))
  if (value instanceof Date) return `new Date(${value.getTime()})`
  if (value instanceof BSONRegExp) return `/${value.pattern}/${value.options}`
  if (Array.isArray(value)) return value.length === 0 ? '[]' : `[ ${value.map(shown).join(', ')} ]`
  if (isDocument(value)) {
    const fields = Object.entries(value).map(([name, item]) => shownField(name, item))
    return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`
  }
  return JSON.stringify(value)
}

/** `name: value`, cut where it would flood a log. */
export function shownField(name: string, value: Value): string {
  return `${name}: ${shown(value).slice(0, 200)}`
}
