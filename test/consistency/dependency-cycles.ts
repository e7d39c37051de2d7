/**
 * Cycles of dependencies that snapshot isolation forbids: all but those in which two anti-dependencies follow each
 * other (Adya, "Weak Consistency", 1999; Fekete et al., "Making Snapshot Isolation Serializable", 2005).
 */

/** `ww` overwrote, `wr` was read by, `rw` read what the other overwrote, `rt` ended before the other began. */
export type EdgeKind = 'ww' | 'wr' | 'rw' | 'rt'

export interface Edge {
  from: number
  to: number
  kind: EdgeKind
}

/**
 * One cycle out of each knot of forbidden ones, as the edges along it. Each node is looked at twice: come to by an
 * anti-dependency (then no second one may follow), or by anything else.
 */
export function forbiddenCycles(nodes: number, edges: Edge[]): Edge[][] {
  const steps: { to: number; edge: Edge }[][] = Array.from({ length: nodes * 2 }, () => [])
  for (const edge of edges) {
    const { from, to, kind } = edge
    if (kind === 'rw') steps[plain(from)]?.push({ to: afterRw(to), edge })
    else for (const state of [plain(from), afterRw(from)]) steps[state]?.push({ to: plain(to), edge })
  }
  return knots(steps).map((knot) => shortestCycle(steps, knot))
}

const plain = (node: number) => node * 2
const afterRw = (node: number) => node * 2 + 1

type Steps = { to: number; edge: Edge }[][]

/** Strongly connected components of more than one state (Tarjan, without recursion). */
function knots(steps: Steps): Set<number>[] {
  const found: Set<number>[] = []
  const order = new Map<number, number>()
  const low = new Map<number, number>()
  const stack: number[] = []
  const onStack = new Set<number>()
  for (let root = 0; root < steps.length; root++) {
    if (order.has(root)) continue
    const path = [{ state: root, next: 0 }]
    while (path.length > 0) {
      const top = path.at(-1)
      if (!top) break
      const { state } = top
      if (top.next === 0) {
        order.set(state, order.size)
        low.set(state, order.get(state) ?? 0)
        stack.push(state)
        onStack.add(state)
      }
      const step = steps[state]?.[top.next++]
      if (step) {
        if (!order.has(step.to)) path.push({ state: step.to, next: 0 })
        else if (onStack.has(step.to)) lower(low, state, order.get(step.to))
        continue
      }
      path.pop()
      const parent = path.at(-1)
      if (parent) lower(low, parent.state, low.get(state))
      if (low.get(state) !== order.get(state)) continue
      const knot = new Set(stack.splice(stack.lastIndexOf(state)))
      for (const each of knot) onStack.delete(each)
      if (knot.size > 1) found.push(knot)
    }
  }
  return found
}

function lower(low: Map<number, number>, state: number, value = 0): void {
  low.set(state, Math.min(low.get(state) ?? value, value))
}

function shortestCycle(steps: Steps, knot: Set<number>): Edge[] {
  const [start = 0] = knot
  const cameBy = new Map<number, { from: number; edge: Edge }>()
  const queue = [start]
  for (const state of queue) {
    for (const { to, edge } of steps[state] ?? []) {
      if (!knot.has(to) || cameBy.has(to)) continue
      cameBy.set(to, { from: state, edge })
      queue.push(to)
    }
    if (cameBy.has(start)) break
  }
  const cycle: Edge[] = []
  let at = start
  do {
    const step = cameBy.get(at)
    if (!step) break
    cycle.unshift(step.edge)
    at = step.from
  } while (at !== start)
  return cycle
}
