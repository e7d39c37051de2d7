import { isPlainRecord } from './check.ts'

/** wx-server-sdk `utils.ts` convertCase: keys of objects and of objects in arrays, at every depth. */
export function toSnakeCase(value: unknown): unknown {
  return convertKeys(value, (key) =>
    key.replace(/[A-Z]/g, (letter, index) => `${index ? '_' : ''}${letter.toLowerCase()}`),
  )
}

export function toCamelCase(value: unknown): unknown {
  return convertKeys(value, (key) => key.replace(/_[a-z]/g, (match) => match.slice(1).toUpperCase()))
}

function convertKeys(value: unknown, convert: (key: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => convertKeys(item, convert))
  if (!isPlainRecord(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [convert(key), convertKeys(item, convert)]),
  )
}
