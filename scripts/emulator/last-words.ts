/** Errors that end the local cloud are told as what they mean for its user; the stack follows for who mends it. */
export function sayLastWords(data: string | undefined): void {
  process.on('uncaughtException', (error: unknown) => {
    console.error(isFailedCommit(error) ? unwritable(data) : 'The local cloud failed and stops:')
    console.error(error instanceof Error ? error.stack : error)
    process.exit(1)
  })
}

/** lmdb rejects promises of its own then, which nobody else can catch. */
function isFailedCommit(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'commitError' in error
}

function unwritable(data: string | undefined): string {
  return `The local cloud stops: ${data ?? 'the folder for temporary data'} cannot be written. Is the disk full? What was answered with success before is safe.`
}
