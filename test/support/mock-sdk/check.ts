import { CloudSDKError } from './errors.ts'

/** The type names of `utils/type.ts`: `object`, `array`, `string`, `undefined`, … */
function typeName(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1).toLowerCase()
}

/** `assertType(options, { data: 'object' })` of `utils/assert.ts`: same refusals, same words. */
export function assertFields(options: unknown, fields: Record<string, string>): void {
  const found = typeName(options)
  if (found !== 'object')
    throw new CloudSDKError({ errMsg: `parameter should be object instead of ${found}; ` })
  const values = options as Record<string, unknown>
  const wrong = Object.entries(fields)
    .filter(([name, type]) => typeName(values[name]) !== type)
    .map(([name, type]) => `parameter.${name} should be ${type} instead of ${typeName(values[name])};`)
  if (wrong.length > 0) throw new CloudSDKError({ errMsg: wrong.join('') })
}

/** `assertType(value, 'object')`. */
export function assertObject(value: unknown): void {
  const found = typeName(value)
  if (found !== 'object')
    throw new CloudSDKError({ errMsg: `parameter should be object instead of ${found};` })
}

export function assertNotEmpty(data: object): void {
  if (Object.keys(data).length === 0) throw new CloudSDKError({ errMsg: 'options.data must not be empty' })
}

export function isPlainRecord(value: unknown): value is Record<string, unknown> {
  return typeName(value) === 'object'
}
