/**
 * Finds what snapshot isolation forbids in a history of appends to lists and reads of them, as Elle does (Kingsbury and
 * Alvaro, "Elle", 2020): since every value is appended once, a list tells in which order its writers came.
 */
import { type Edge, forbiddenCycles } from './dependency-cycles.ts'
import type { Done } from './history.ts'

export interface Anomaly {
  kind:
    | 'duplicate append'
    | 'incompatible orders'
    | 'lost append'
    | 'aborted read'
    | 'intermediate read'
    | 'torn transaction'
    | 'own writes not seen'
    | 'write cycle'
    | 'cyclic information flow'
    | 'not a snapshot'
  about: string
}

/** @param finalLists every list as it is after all clients have stopped */
export function checkListAppend(history: Done[], finalLists: ReadonlyMap<string, number[]>): Anomaly[] {
  const appends = appendsOf(history)
  const anomalies: Anomaly[] = []
  const report = (kind: Anomaly['kind'], about: string) => anomalies.push({ kind, about })

  for (const [key, list] of finalLists) {
    if (new Set(list).size < list.length) report('duplicate append', `${key}: ${list}`)
  }
  // What is in a list has happened, whether or not its writer learned of it.
  const happened = (done: Done) =>
    done.outcome === 'committed' ||
    (done.outcome === 'unknown' &&
      done.steps.some((step) => step.kind === 'append' && finalLists.get(step.key)?.includes(step.value)))

  for (const done of history) {
    checkOwnWrites(done, report)
    for (const step of done.steps) {
      if (step.kind === 'append') {
        const isThere = finalLists.get(step.key)?.includes(step.value) ?? false
        if (isThere && done.outcome === 'aborted') report('aborted read', `${step.key}: ${step.value}`)
        if (!isThere && done.outcome === 'committed') report('lost append', `${step.key}: ${step.value}`)
        if (!isThere && done.outcome === 'unknown' && happened(done)) {
          report('torn transaction', `${step.key}: ${step.value} is missing, others of ${done.id} are there`)
        }
        continue
      }
      const seen = step.list
      if (!seen) continue
      const others = seen.filter((value) => appends.get(value)?.done !== done)
      if (others.some((value) => appends.get(value)?.done.outcome === 'aborted')) {
        report('aborted read', `${step.key}: ${seen}`)
      }
      const last = others.at(-1)
      const writer = last === undefined ? undefined : appends.get(last)
      if (writer && !writer.isLast) report('intermediate read', `${step.key}: ${seen}`)
      const order = finalLists.get(step.key) ?? []
      if (others.some((value, i) => order[i] !== value)) {
        report('incompatible orders', `${step.key}: ${seen} against ${order}`)
      }
    }
  }

  const present = history.filter(happened)
  for (const cycle of forbiddenCycles(...dependencies(present, finalLists, appends))) {
    report(kindOf(cycle), describe(cycle, present))
  }
  return anomalies
}

interface Append {
  done: Done
  /** False when its writer appends to the same list again. */
  isLast: boolean
}

function appendsOf(history: Done[]): Map<number, Append> {
  const appends = new Map<number, Append>()
  for (const done of history) {
    for (const [i, step] of done.steps.entries()) {
      if (step.kind !== 'append') continue
      const again = done.steps.slice(i + 1).some(({ kind, key }) => kind === 'append' && key === step.key)
      appends.set(step.value, { done, isLast: !again })
    }
  }
  return appends
}

function checkOwnWrites(done: Done, report: (kind: Anomaly['kind'], about: string) => void): void {
  const expected = new Map<string, number[]>()
  for (const step of done.steps) {
    if (step.kind === 'append') {
      expected.set(step.key, [...(expected.get(step.key) ?? []), step.value])
    } else if (step.list) {
      const own = expected.get(step.key) ?? []
      const tail = step.list.slice(step.list.length - own.length)
      if (own.some((value, i) => tail[i] !== value)) {
        report('own writes not seen', `${step.key}: ${step.list} after ${own}`)
      }
    }
  }
}

/** Nodes are the transactions, then one for each moment at which one ended: what began later comes after it. */
function dependencies(
  present: Done[],
  finalLists: ReadonlyMap<string, number[]>,
  appends: ReadonlyMap<number, Append>,
): [nodes: number, edges: Edge[]] {
  const nodeOf = new Map(present.map((done, node) => [done, node]))
  const edges: Edge[] = []
  const connect = (from: Done | undefined, to: Done | undefined, kind: Edge['kind']) => {
    const [a, b] = [from && nodeOf.get(from), to && nodeOf.get(to)]
    if (a !== undefined && b !== undefined && a !== b) edges.push({ from: a, to: b, kind })
  }
  for (const list of finalLists.values()) {
    for (const [i, value] of list.entries()) {
      connect(appends.get(list[i - 1] ?? -1)?.done, appends.get(value)?.done, 'ww')
    }
  }
  for (const done of present) {
    for (const step of done.steps) {
      if (step.kind !== 'read' || !step.list) continue
      const seen = step.list.filter((value) => appends.get(value)?.done !== done)
      connect(appends.get(seen.at(-1) ?? -1)?.done, done, 'wr')
      connect(done, appends.get(finalLists.get(step.key)?.[seen.length] ?? -1)?.done, 'rw')
    }
  }
  return [present.length + orderInTime(present, edges), edges]
}

/** Adds the edges of time by way of a chain of moments, so that their number grows with the history, not its square. */
function orderInTime(present: Done[], edges: Edge[]): number {
  const moments = present.flatMap((done, node) => [
    { at: done.startedAt, node, isEnd: false },
    ...(done.endedAt === undefined ? [] : [{ at: done.endedAt, node, isEnd: true }]),
  ])
  moments.sort((a, b) => a.at - b.at || Number(a.isEnd) - Number(b.isEnd))
  let count = 0
  for (const { node, isEnd } of moments) {
    const latest = present.length + count - 1
    if (!isEnd) {
      if (count > 0) edges.push({ from: latest, to: node, kind: 'rt' })
      continue
    }
    count += 1
    edges.push({ from: node, to: latest + 1, kind: 'rt' })
    if (count > 1) edges.push({ from: latest, to: latest + 1, kind: 'rt' })
  }
  return count
}

function kindOf(cycle: Edge[]): Anomaly['kind'] {
  if (cycle.some(({ kind }) => kind === 'rw')) return 'not a snapshot'
  return cycle.some(({ kind }) => kind === 'wr') ? 'cyclic information flow' : 'write cycle'
}

function describe(cycle: Edge[], present: Done[]): string {
  return cycle
    .filter(({ from }) => from < present.length)
    .map(({ from, kind }) => `${JSON.stringify(present[from]?.steps)} -${kind}->`)
    .join(' ')
}
