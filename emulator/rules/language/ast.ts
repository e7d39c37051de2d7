/** What an expression of the rule language is made of. `start` and `end` are its place in the text. */
export type Node = { start: number; end: number } & (
  | { kind: 'literal'; value: string | number | boolean | null | undefined }
  | { kind: 'name'; name: string }
  | { kind: 'list'; items: Node[] }
  /** A string with `${…}` in it: texts and expressions in turn. */
  | { kind: 'template'; parts: (string | Node)[] }
  | { kind: 'member'; object: Node; key: Node }
  | { kind: 'get'; path: Node }
  | { kind: 'test'; pattern: RegExp; subject: Node }
  | { kind: 'not'; operand: Node }
  | { kind: 'compare'; operator: CompareOperator; left: Node; right: Node }
  | { kind: 'logic'; operator: '&&' | '||'; left: Node; right: Node }
)

export type NodeOf<Kind extends Node['kind']> = Extract<Node, { kind: Kind }>

const compareOperators = ['==', '!=', '<', '<=', '>', '>=', 'in'] as const
export type CompareOperator = (typeof compareOperators)[number]

/** The nodes right below. */
export function childrenOf(node: Node): Node[] {
  switch (node.kind) {
    case 'literal':
    case 'name':
      return []
    case 'list':
      return node.items
    case 'template':
      return node.parts.filter((part) => typeof part !== 'string')
    case 'member':
      return [node.object, node.key]
    case 'get':
      return [node.path]
    case 'test':
      return [node.subject]
    case 'not':
      return [node.operand]
    case 'compare':
    case 'logic':
      return [node.left, node.right]
  }
}

export function* walk(node: Node): Generator<Node> {
  yield node
  for (const child of childrenOf(node)) yield* walk(child)
}

/** `doc` of `doc.owner.id`: the name that a path of members begins with. */
export function rootOf(node: Node): string | undefined {
  if (node.kind === 'member') return rootOf(node.object)
  return node.kind === 'name' ? node.name : undefined
}
