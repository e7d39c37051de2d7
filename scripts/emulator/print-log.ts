import type { Emulator } from '../../emulator/index.ts'

/** What functions print, and what the cloud warns of; with `isVerbose`, everything. On stderr: stdout is for results. */
export function printLog(log: Emulator['log'], isVerbose: boolean): void {
  log.subscribe(({ level, source, message, fields }) => {
    const isShown =
      isVerbose || level === 'warn' || level === 'error' || (level === 'info' && source === 'functions')
    if (!isShown) return
    const where = typeof fields?.function === 'string' ? fields.function : source
    const stack = typeof fields?.stack === 'string' ? `\n${fields.stack}` : ''
    process.stderr.write(`${level === 'info' ? '' : `${level} `}[${where}] ${message}${stack}\n`)
  })
}
