/** The nodes of a flow as a graph: what follows what, and inside of which parallel branches a node lies. */
import { type Content, type Node, START } from './model.ts'

/** A place inside of a branch of a parallel node; several when parallels are nested, the outermost first. */
export type Region = readonly { parallel: string; branch: number }[]

export interface Flow {
  readonly content: Content
  get(id: string): Node
  /** Every node that comes after this one, itself not included. */
  after(id: string): ReadonlySet<string>
  region(id: string): Region
  /** Nodes that ask people and lie right before this one. */
  approversBefore(id: string): ReadonlySet<string>
}

/** Of a content that `findProblems` finds nothing wrong with. */
export function flowOf(content: Content): Flow {
  const nodes = new Map(content.nodes.map((node) => [node.id, node]))
  const { regions } = walk(nodes)
  const followers = new Map<string, ReadonlySet<string>>()
  const get = (id: string) => {
    const node = nodes.get(id)
    if (!node) throw new Error(`the flow has no node ${id}`)
    return node
  }
  function after(id: string): ReadonlySet<string> {
    const known = followers.get(id)
    if (known) return known
    const found = new Set(nextOf(get(id)).flatMap((next) => [next, ...after(next)]))
    followers.set(id, found)
    return found
  }
  function approversBefore(id: string): ReadonlySet<string> {
    const found = new Set<string>()
    const seen = new Set([id])
    for (const at of seen) {
      for (const node of content.nodes.filter((before) => nextOf(before).includes(at)))
        (node.kind === 'approve' ? found : seen).add(node.id)
    }
    return found
  }
  return { content, get, after, region: (id) => regions.get(id) ?? [], approversBefore }
}

export function nextOf(node: Node): string[] {
  switch (node.kind) {
    case 'end':
      return []
    case 'condition':
      return [...node.branches.map(({ next }) => next), ...(node.otherwise ? [node.otherwise] : [])]
    case 'parallel':
      return [...node.branches]
    default:
      return [node.next]
  }
}

/** Walks from the start along every way. What is found to be wrong is said once for each node. */
export function walk(nodes: ReadonlyMap<string, Node>): {
  regions: Map<string, Region>
  problems: Problem[]
} {
  const regions = new Map<string, Region>()
  const problems: Problem[] = []
  const open = new Set<string>()

  function visit(id: string, region: Region, from: string): void {
    const node = nodes.get(id)
    if (!node || open.has(id)) {
      problems.push({ nodeId: from, problem: node ? 'CYCLE' : 'LEADS_NOWHERE', about: id })
      return
    }
    const seen = regions.get(id)
    if (seen) {
      if (!sameRegion(seen, region)) problems.push({ nodeId: id, problem: 'CROSSES_BRANCHES', about: from })
      return
    }
    regions.set(id, region)
    open.add(id)
    if (node.kind === 'parallel') {
      node.branches.forEach((next, branch) => {
        step(next, [...region, { parallel: id, branch }], id)
      })
      const join = nodes.get(node.join)
      if (join?.kind === 'join') step(join.next, region, join.id)
      else problems.push({ nodeId: id, problem: 'NO_JOIN', about: node.join })
    } else if (node.kind === 'end') {
      if (region.length > 0) problems.push({ nodeId: id, problem: 'ENDS_IN_BRANCH', about: from })
    } else {
      for (const next of nextOf(node)) step(next, region, id)
    }
    open.delete(id)
  }

  /** A join is not a place: a branch ends there, and what follows belongs to the parallel. */
  function step(next: string, region: Region, from: string): void {
    const node = nodes.get(next)
    if (node?.kind !== 'join') {
      visit(next, region, from)
      return
    }
    const innermost = region.at(-1)
    const parallel = innermost && nodes.get(innermost.parallel)
    if (parallel?.kind !== 'parallel' || parallel.join !== next)
      problems.push({ nodeId: from, problem: 'WRONG_JOIN', about: next })
    else regions.set(next, region.slice(0, -1))
  }

  visit(START, [], START)
  return { regions, problems }
}

export interface Problem {
  nodeId: string
  problem:
    | 'NO_START'
    | 'NO_END'
    | 'SAME_ID'
    | 'LEADS_NOWHERE'
    | 'CYCLE'
    | 'CROSSES_BRANCHES'
    | 'NO_JOIN'
    | 'WRONG_JOIN'
    | 'ENDS_IN_BRANCH'
    | 'UNREACHABLE'
    | 'NO_DEFAULT'
    | 'UNKNOWN_FIELD'
    | 'SAME_FIELD'
    | 'CONDITION'
    | 'SUBFLOW'
  about?: string
}

function sameRegion(one: Region, other: Region): boolean {
  return (
    one.length === other.length &&
    one.every(({ parallel, branch }, i) => parallel === other[i]?.parallel && branch === other[i]?.branch)
  )
}
