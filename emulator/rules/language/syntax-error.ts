/** A rule that cannot be understood; says in which text, at which column (from 1), and what was expected there. */
export class RuleSyntaxError extends Error {
  override name = 'RuleSyntaxError'

  constructor(
    readonly column: number,
    readonly expectation: string,
  ) {
    super(`column ${column}: ${expectation}`)
  }
}
