/** JSON lines on the console, which the platform stores by request id. Fields first, then words. */
export interface Log {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

const LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = (typeof LEVELS)[number]

/**
 * Ours instead of a library: the platform captures `console` only, so what makes the libraries fast (their own
 * destinations and threads) cannot be used, and would be a sixth of each bundle.
 *
 * @param nowMs the clock of the call, so that lines carry the time that the call worked with.
 */
export function createLog(minimum: LogLevel, nowMs: () => number, bindings: Record<string, unknown>): Log {
  const lineOf =
    (level: Exclude<LogLevel, 'silent'>): Log['info'] =>
    (fields, message) => {
      if (LEVELS.indexOf(level) < LEVELS.indexOf(minimum)) return
      console.log(JSON.stringify({ level, atMs: nowMs(), ...bindings, ...fields, message }, readable()))
    }
  return { debug: lineOf('debug'), info: lineOf('info'), warn: lineOf('warn'), error: lineOf('error') }
}

/** Errors as their parts, and anything that JSON cannot say as text: a log line never makes a call fail. */
function readable(): (key: string, value: unknown) => unknown {
  const parents: unknown[] = []
  return function (this: unknown, _key, value) {
    if (typeof value === 'bigint') return value.toString()
    if (typeof value !== 'object' || value === null) return value
    while (parents.length > 0 && parents.at(-1) !== this) parents.pop()
    if (parents.includes(value)) return '[circular]'
    parents.push(value)
    if (!(value instanceof Error)) return value
    const { name, message, stack, cause } = value
    return { ...value, name, message, stack, cause }
  }
}
