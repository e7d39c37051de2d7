import { misfits } from './condition.ts'
import type { Field } from './form.ts'
import { type Problem, walk } from './graph.ts'
import { type Candidate, type Content, type Node, START } from './model.ts'

/**
 * What keeps a definition from being published; nothing, when every instance of it can come to its end: each way from
 * the start leads to an end, branches meet at their join and nowhere else, and every condition has a way out.
 */
export function findProblems(content: Content): Problem[] {
  const { nodes: list, fields } = content
  const nodes = new Map(list.map((node) => [node.id, node]))
  const problems: Problem[] = []
  for (const id of repeated(list.map((node) => node.id))) problems.push({ nodeId: id, problem: 'SAME_ID' })
  for (const about of repeated(fields.map(({ name }) => name)))
    problems.push({ nodeId: START, problem: 'SAME_FIELD', about })
  if (nodes.get(START)?.kind !== 'start') return [...problems, { nodeId: START, problem: 'NO_START' }]

  const { regions, problems: found } = walk(nodes)
  problems.push(...found)
  for (const node of list) {
    if (!regions.has(node.id)) problems.push({ nodeId: node.id, problem: 'UNREACHABLE' })
    problems.push(...problemsOf(node, fields))
  }
  if (!list.some(({ id, kind }) => kind === 'end' && regions.has(id)))
    problems.push({ nodeId: START, problem: 'NO_END' })
  return problems
}

function problemsOf(node: Node, fields: readonly Field[]): Problem[] {
  switch (node.kind) {
    case 'condition': {
      const wrong = node.branches.flatMap(({ when }) => misfits(when, fields))
      return [
        ...(node.otherwise === undefined ? [{ nodeId: node.id, problem: 'NO_DEFAULT' as const }] : []),
        ...wrong.map((about) => ({ nodeId: node.id, problem: 'CONDITION' as const, about })),
      ]
    }
    case 'approve':
    case 'cc':
      return node.candidates.flatMap((candidate) => problemsOfCandidate(node.id, candidate, fields))
    case 'subflow':
      return Object.values(node.fields)
        .filter((name) => !fields.some((field) => field.name === name))
        .map((about) => ({ nodeId: node.id, problem: 'UNKNOWN_FIELD' as const, about }))
    default:
      return []
  }
}

function problemsOfCandidate(nodeId: string, candidate: Candidate, fields: readonly Field[]): Problem[] {
  if (candidate.by !== 'field') return []
  const field = fields.find(({ name }) => name === candidate.field)
  if (field?.kind === 'user' || field?.kind === 'users') return []
  return [{ nodeId, problem: 'UNKNOWN_FIELD', about: candidate.field }]
}

function repeated(names: readonly string[]): Set<string> {
  return new Set(names.filter((name, i) => names.indexOf(name) !== i))
}
