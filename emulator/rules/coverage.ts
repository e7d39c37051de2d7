/** Counts how often each part of each rule was true, was not, or failed. */
import type { Decision, Outcome } from './evaluate.ts'
import type { Expression } from './language/compile.ts'

export interface PartCoverage {
  text: string
  /** Offsets in the rule's text. */
  start: number
  end: number
  times: Record<Outcome, number>
  /** Outcomes that the part could have and never had. A failure counts as not true. */
  unreached: ('true' | 'false')[]
}

export interface RuleCoverage {
  rules: {
    /** `database-rules/orders.json` */
    source: string
    operation: string
    text: string
    parts: PartCoverage[]
  }[]
}

export interface Counters {
  /** Makes a rule known, so that one that is never asked is listed as well. */
  add(source: string, operation: string, expression: Expression): void
  count(source: string, operation: string, expression: Expression, decisions: Decision[]): void
  coverage(): RuleCoverage
}

interface Entry {
  source: string
  operation: string
  expression: Expression
  times: Record<Outcome, number>[]
}

export function createCounters(): Counters {
  const entries = new Map<string, Entry>()

  return {
    add: entryOf,
    count(source, operation, expression, decisions) {
      const { times, expression: counted } = entryOf(source, operation, expression)
      for (const { outcomes } of decisions) {
        counted.parts.forEach((part, index) => {
          const outcome = outcomes.get(part)
          const row = times[index]
          if (outcome && row) row[outcome]++
        })
      }
    },
    coverage: () => ({
      rules: [...entries.values()].map(({ source, operation, expression, times }) => ({
        source,
        operation,
        text: expression.text,
        parts: expression.parts.map(({ start, end }, index) => {
          const counted = times[index] ?? { true: 0, false: 0, error: 0 }
          const part = expression.parts[index]
          return {
            text: expression.text.slice(start, end),
            start,
            end,
            times: counted,
            unreached: unreachedOf(part, counted),
          }
        }),
      })),
    }),
  }

  /** One rule, one entry: a rule that was edited begins anew. */
  function entryOf(source: string, operation: string, expression: Expression): Entry {
    const key = `${source} ${operation}`
    const existing = entries.get(key)
    if (existing?.expression === expression) return existing
    const entry: Entry = {
      source,
      operation,
      expression,
      times: expression.parts.map(() => ({ true: 0, false: 0, error: 0 })),
    }
    entries.set(key, entry)
    return entry
  }
}

function unreachedOf(
  part: Expression['root'] | undefined,
  times: Record<Outcome, number>,
): ('true' | 'false')[] {
  const possible: ('true' | 'false')[] =
    part?.kind === 'literal' ? [part.value === true ? 'true' : 'false'] : ['true', 'false']
  return possible.filter((outcome) =>
    outcome === 'true' ? times.true === 0 : times.false + times.error === 0,
  )
}
