import { format } from 'node:util'
import type { FromInstance, InstanceLogLevel } from '../messages.ts'

const LEVELS = {
  log: 'info',
  info: 'info',
  warn: 'warn',
  error: 'error',
  debug: 'debug',
  trace: 'debug',
} as const
const LONGEST_LINE = 8_000
/** Of one call. Lines cross to the cloud's thread faster than it can read them: an endless loop would fill the memory. */
const MAX_CALL_CHARS = 1_000_000

export interface CapturedConsole {
  /** A new call may print as much again. */
  beginCall(): void
}

/** Sends what the function prints to the cloud's log; `cloud.logger()` arrives through `console.__baseLog__`. */
export function captureConsole(send: (message: FromInstance) => void): CapturedConsole {
  let charsLeft = MAX_CALL_CHARS
  const write = (level: InstanceLogLevel, text: string, fields?: Record<string, unknown>) => {
    if (charsLeft <= 0) return
    const line = text.length > LONGEST_LINE ? `${text.slice(0, LONGEST_LINE)}…` : text
    charsLeft -= line.length + 1
    send({ type: 'log', level, text: line, fields })
    if (charsLeft <= 0)
      send({ type: 'log', level: 'warn', text: 'printed more than 1 MB in one call: the rest is not kept' })
  }
  for (const [method, level] of Object.entries(LEVELS)) {
    Reflect.set(console, method, (...args: unknown[]) => write(level, format(...args)))
  }
  // node-sdk `logger/index.ts` calls it with a plain object, or with the error it met in making one.
  Reflect.set(console, '__baseLog__', (fields: unknown, method: string) => {
    const level = Object.hasOwn(LEVELS, method) ? LEVELS[method as keyof typeof LEVELS] : 'info'
    write(level, format(fields), plain(fields))
  })
  return {
    beginCall() {
      charsLeft = MAX_CALL_CHARS
    },
  }
}

/** Only JSON crosses to the cloud's thread: functions and class instances cannot be copied. */
function plain(fields: unknown): Record<string, unknown> | undefined {
  try {
    const copy: unknown = JSON.parse(JSON.stringify(fields))
    return typeof copy === 'object' && copy !== null && !Array.isArray(copy) ? { ...copy } : undefined
  } catch {
    return undefined
  }
}
