import type { Log } from '../core/log.ts'

/** Says once for each function that cannot be run why, and again when the reason changes. */
export function createBrokenReport(log: Log): (functionName: string, message: string) => void {
  const said = new Map<string, string>()
  return (functionName, message) => {
    if (said.get(functionName) === message) return
    said.set(functionName, message)
    log.error('functions', message, { function: functionName })
  }
}
