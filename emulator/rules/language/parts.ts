import { type Node, walk } from './ast.ts'

/** The sub-expressions that count on their own: the whole, each operand of && and ||, and each comparison. */
export function partsOf(root: Node): Node[] {
  const parts = new Set<Node>([root])
  for (const node of walk(root)) {
    if (node.kind === 'compare') parts.add(node)
    if (node.kind === 'logic') for (const operand of [node.left, node.right]) parts.add(operand)
  }
  return [...parts]
}
