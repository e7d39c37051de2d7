import pino from 'pino'

/** JSON lines on the console, which the platform stores by request id. Fields first, then words: pino's way. */
export interface Log {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** @param nowMs the clock of the call, so that lines carry the time that the call worked with. */
export function createLog(level: string, nowMs: () => number, bindings: Record<string, unknown>): Log {
  return pino(
    {
      level,
      base: bindings,
      messageKey: 'message',
      timestamp: () => `,"atMs":${nowMs()}`,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { cause: pino.stdSerializers.err },
    },
    // Through console, because that is what the platform captures; pino's own way would write past it.
    { write: (line) => console.log(line.trimEnd()) },
  )
}
