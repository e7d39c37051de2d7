import type { Decision } from './evaluate.ts'
import type { Node } from './language/ast.ts'
import type { Expression } from './language/compile.ts'

/** The parts of a rule that did not hold, innermost, with the values that they saw; for the log, never for a client. */
export function explain(expression: Expression, { outcomes, notes, failure }: Decision): string {
  const reasons = failing(expression.root).map((node) => {
    const note = notes.get(node)
    const text = expression.text.slice(node.start, node.end)
    return note ? `${text} (${note})` : text
  })
  const text = [...new Set(reasons)].join(', and ')
  return failure === undefined ? text : `${text}: ${failure}`

  function failing(node: Node): Node[] {
    if (node.kind !== 'logic') return [node]
    const wrong = [node.left, node.right].filter((operand) => {
      const outcome = outcomes.get(operand)
      return outcome !== undefined && outcome !== 'true'
    })
    return wrong.length === 0 ? [node] : wrong.flatMap(failing)
  }
}
