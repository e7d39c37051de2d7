import type { RuleCoverage } from './coverage.ts'

/**
 * Coverage as LCOV: each part of a rule is a pair of branches, true and not true, on the line of its operation.
 * @param lineOf where in its file an operation is written, from 1
 */
export function toLcov(
  { rules }: RuleCoverage,
  lineOf: (source: string, operation: string) => number,
): string {
  const sources = [...new Set(rules.map(({ source }) => source))].sort()
  return sources.map((source) => record(source)).join('')

  function record(source: string): string {
    const own = rules.filter((rule) => rule.source === source)
    const branches = own.flatMap(({ operation, parts }) => {
      const line = lineOf(source, operation)
      return parts.flatMap(({ times, unreached }, block) =>
        (['true', 'false'] as const).flatMap((outcome, branch) => {
          const taken = outcome === 'true' ? times.true : times.false + times.error
          // An outcome that cannot be, such as that of `true` being false, is no branch.
          return taken > 0 || unreached.includes(outcome) ? [{ line, block, branch, taken }] : []
        }),
      )
    })
    const lines = own.map(({ operation, parts }) => {
      const [whole] = parts
      const { true: yes = 0, false: no = 0, error = 0 } = whole?.times ?? {}
      return { line: lineOf(source, operation), count: yes + no + error }
    })
    return [
      `SF:${source}`,
      ...branches.map(({ line, block, branch, taken }) => `BRDA:${line},${block},${branch},${taken}`),
      `BRF:${branches.length}`,
      `BRH:${branches.filter(({ taken }) => taken > 0).length}`,
      ...lines.map(({ line, count }) => `DA:${line},${count}`),
      `LF:${lines.length}`,
      `LH:${lines.filter(({ count }) => count > 0).length}`,
      'end_of_record',
      '',
    ].join('\n')
  }
}
