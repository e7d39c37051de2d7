import type { Emulator } from '../../emulator/index.ts'

/**
 * What functions print, and what the cloud warns of; with `isVerbose`, everything. On stderr: stdout is for results.
 *
 * @param isQuiet while this is so, functions are not heard: nobody has called them but the seed.
 */
export function printLog(log: Emulator['log'], isVerbose: boolean, isQuiet: () => boolean): void {
  log.subscribe(({ level, source, message, fields }) => {
    const isShown =
      isVerbose ||
      level === 'warn' ||
      level === 'error' ||
      (level === 'info' && source === 'functions' && !isQuiet()) ||
      (level === 'info' && source === 'rules')
    if (!isShown) return
    const where = typeof fields?.function === 'string' ? fields.function : source
    const stack = typeof fields?.stack === 'string' ? `\n${fields.stack}` : ''
    const text = isVerbose ? message : toWords(message)
    process.stderr.write(`${level === 'info' ? '' : `${level} `}[${where}] ${text}${stack}\n`)
  })
}

/** Fields that a machine follows a call by; a person at a terminal has the order of the lines. */
const FOR_MACHINES = ['atMs', 'traceId', 'requestId', 'message', 'level']

/** A JSON line as `level message field=value …`, anything else as it is. `/control/logs` and --verbose have it whole. */
function toWords(line: string): string {
  const fields = parseFields(line)
  if (typeof fields?.message !== 'string') return line
  const { level = 'info', message } = fields
  const shown = Object.entries(fields)
    .filter(([name]) => !FOR_MACHINES.includes(name))
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
  return [...(level === 'info' ? [] : [String(level)]), message, ...shown].join(' ')
}

function parseFields(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined
  try {
    return JSON.parse(line)
  } catch {
    return undefined // a text that only looks like JSON
  }
}
