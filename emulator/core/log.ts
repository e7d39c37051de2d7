/** One line of the local cloud's log. `fields` hold what a reader filters by: function, requestId, collection. */
export interface LogLine {
  atMs: number
  level: 'debug' | 'info' | 'warn' | 'error'
  /** The module that speaks: `functions`, `database`, … */
  source: string
  message: string
  fields?: Record<string, unknown>
}

export interface Log {
  debug(source: string, message: string, fields?: Record<string, unknown>): void
  info(source: string, message: string, fields?: Record<string, unknown>): void
  warn(source: string, message: string, fields?: Record<string, unknown>): void
  error(source: string, message: string, fields?: Record<string, unknown>): void
  /** Latest lines first. */
  recent(filter?: (line: LogLine) => boolean, limit?: number): LogLine[]
  subscribe(listener: (line: LogLine) => void): () => void
}

const KEPT_LINES = 5_000

export function createLog(nowMs: () => number): Log {
  const lines: LogLine[] = []
  const listeners = new Set<(line: LogLine) => void>()
  const write =
    (level: LogLine['level']): Log['info'] =>
    (source, message, fields) => {
      const line: LogLine = { atMs: nowMs(), level, source, message, fields }
      lines.push(line)
      if (lines.length > KEPT_LINES) lines.splice(0, lines.length - KEPT_LINES)
      for (const listener of listeners) listener(line)
    }
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    recent(filter = () => true, limit = 200) {
      const found: LogLine[] = []
      for (let i = lines.length - 1; i >= 0 && found.length < limit; i--) {
        const line = lines[i]
        if (line && filter(line)) found.push(line)
      }
      return found
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
