/**
 * Values as the first generation writes them: JSON objects instead of EJSON texts, with `{ $date: ms }`,
 * `{ $date: { offset } }` for a server date and `{ $regex, $options }` for every regular expression
 * (@cloudbase/database 0.9 `serializer/datatype.ts`, read back by `util.ts` formatField).
 */

type Json = Record<string, unknown>

/** The text that today's dialect has in place of the object; nothing stays nothing, and a text is one already. */
export function toEjsonText(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined
  return typeof value === 'string' ? value : JSON.stringify(toEjson(value))
}

/** The same for a stage of a pipeline, which was text then too, but of plain JSON. */
export function stageToEjson(text: string): string {
  let stage: unknown
  try {
    stage = JSON.parse(text)
  } catch {
    return text // refused by whoever carries it out, with the name of the stage
  }
  return JSON.stringify(toEjson(stage))
}

function toEjson(value: unknown, holder = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => toEjson(item))
  if (!isObject(value)) return value
  if (isOnly(value, '$date') && isObject(value.$date) && 'offset' in value.$date) {
    return { $tcb_server_date: value.$date }
  }
  // Inside $elemMatch the two are operators on the element; there an expression would be an element to equal.
  if (isRegex(value) && holder !== '$elemMatch') {
    return { $regularExpression: { pattern: value.$regex, options: value.$options ?? '' } }
  }
  return mapFields(value, toEjson)
}

/** A document of today's reply as the first generation reads it. */
export function toPlain(ejsonText: string): unknown {
  return plain(JSON.parse(ejsonText))
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (!isObject(value)) return value
  const { $date, $regularExpression } = value
  if (isOnly(value, '$date')) return { $date: isObject($date) ? Number($date.$numberLong) : $date }
  if (isOnly(value, '$regularExpression') && isObject($regularExpression)) {
    return { $regex: $regularExpression.pattern, $options: $regularExpression.options }
  }
  for (const number of ['$numberInt', '$numberLong', '$numberDouble']) {
    if (isOnly(value, number)) return Number(value[number])
  }
  return mapFields(value, plain)
}

function mapFields(value: Json, map: (item: unknown, key: string) => unknown): Json {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, map(item, key)]))
}

function isRegex(value: Json): value is Json & { $regex: string } {
  const isText = typeof value.$regex === 'string' && ['undefined', 'string'].includes(typeof value.$options)
  return isText && Object.keys(value).every((key) => key === '$regex' || key === '$options')
}

function isOnly(value: Json, key: string): boolean {
  return key in value && Object.keys(value).length === 1
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
