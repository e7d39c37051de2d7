import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readProject } from '../../emulator/project/index.ts'
import { assertRules, type RuleCoverage, toLcov } from '../../emulator/rules/index.ts'
import { type RowResult, runTable, type Subject } from './run-table.ts'
import { presetTable, readTables, type Table } from './table.ts'

export interface Report {
  results: RowResult[]
  coverage: RuleCoverage
  /** What is wrong beside rows: a collection without a table, a table without a collection. */
  problems: string[]
  /** Parts of rules that no row makes true, or that none makes untrue. */
  unreached: string[]
  lcov: string
}

/** The table of `storage-rules.json` is called like it. */
const STORAGE = 'storage-rules'

/** Runs all tables of a project. Throws when a file of it cannot be read or a rule not be understood. */
export async function testProject(projectDir: string): Promise<Report> {
  const {
    collections,
    storageRule: storage,
    functionRule: functions,
  } = readProject({
    dir: projectDir,
    variables: {},
  })
  assertRules({ collections, storage, functions })
  const tables = readTables(join(projectDir, 'test/rules'))
  const report: Report = { results: [], coverage: { rules: [] }, problems: [], unreached: [], lcov: '' }
  const subjects: Subject[] = [
    ...collections.map((rule): Subject => ({ name: rule.name, kind: 'collection', rule })),
    ...(storage ? [{ name: STORAGE, kind: 'storage' as const, rule: storage }] : []),
  ]
  for (const name of tables.keys()) {
    if (subjects.some((subject) => subject.name === name)) continue
    const missing = name === STORAGE ? `${STORAGE}.json` : `database-rules/${name}.json`
    report.problems.push(`test/rules/${name}.json: there is no ${missing}`)
  }
  for (const subject of subjects) {
    const own = tables.get(subject.name)
    if (!own && subject.rule.permission === 'CUSTOM') {
      report.problems.push(
        `${subject.name} has a rule of its own and no table: expected test/rules/${subject.name}.json`,
      )
    }
    for (const table of [...levelTables(subject), ...(own ? [own] : [])]) {
      const { results, coverage } = await runTable(subject, table)
      report.results.push(...results)
      report.coverage.rules.push(...coverage.rules)
    }
  }
  report.unreached = report.coverage.rules.flatMap(({ source, operation, parts }) =>
    parts.flatMap(({ text, unreached }) =>
      unreached.length === 0
        ? []
        : [
            `${source}: rule.${operation}: ${text} is never ${unreached.map(outcomeName).join(' and never ')}`,
          ],
    ),
  )
  report.lcov = toLcov(report.coverage, (source, operation) => lineOf(join(projectDir, source), operation))
  return report
}

/** What every collection with a level must pass. */
function levelTables({ kind, rule: { permission } }: Subject): Table[] {
  return kind === 'collection' && permission !== 'CUSTOM' ? [presetTable(permission)] : []
}

const outcomeName = (outcome: 'true' | 'false'): string => (outcome === 'true' ? 'true' : 'anything but true')

/** The line on which a file writes the rule of an operation. */
function lineOf(path: string, operation: string): number {
  const text = readFileSync(path, 'utf8')
  const rule = Math.max(0, text.search(/"rule"\s*:/))
  const at = text.slice(rule).search(new RegExp(`"${operation}"\\s*:`))
  return text.slice(0, rule + Math.max(0, at)).split('\n').length
}
