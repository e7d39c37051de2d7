/** The number that an option says; ends the program when it is none. */
export function positiveCount(option: string, text: string): number {
  const value = Number(text)
  if (Number.isSafeInteger(value) && value > 0) return value
  console.error(`--${option} ${text}: not a positive whole number`)
  process.exit(2)
}
