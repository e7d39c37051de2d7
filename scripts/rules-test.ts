/** npm run rules:test: what clients may and may not do to each collection, held against the rules themselves. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import yargs from 'yargs'
import { hideBin } from 'yargs/helpers'
import { repoDir } from './build/repo-dir.ts'
import { type Report, testProject } from './rules-test/test-project.ts'

const options = await yargs(hideBin(process.argv))
  .scriptName('npm run rules:test --')
  .usage(
    '$0\n\nRuns test/rules/<collection>.json against database-rules/<collection>.json, and test/rules/storage-rules.json against\nstorage-rules.json. Fails when a row goes otherwise than\nexpected, or when a part of a rule is never true or never untrue.',
  )
  .options({
    project: {
      type: 'string',
      default: repoDir,
      defaultDescription: 'this repository',
      describe: 'project folder',
    },
    lcov: {
      type: 'string',
      defaultDescription: 'coverage/rules.lcov of the project',
      describe: 'file for the coverage',
    },
    json: { type: 'boolean', default: false, describe: 'prints everything as JSON' },
  })
  .strict()
  .version(false)
  .parseAsync()

try {
  const project = resolve(options.project)
  const report = await testProject(project)
  const file = resolve(project, options.lcov ?? 'coverage/rules.lcov')
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, report.lcov)
  if (options.json) console.log(JSON.stringify(report))
  else print(report, file)
  const failures = report.results.filter(({ failure }) => failure !== undefined)
  if (failures.length + report.problems.length + report.unreached.length > 0) process.exitCode = 1
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 2
}

function print({ results, coverage, problems, unreached }: Report, lcovFile: string): void {
  const names = [...new Set(results.map(({ subject }) => subject))]
  const width = Math.max(10, ...names.map((name) => name.length))
  console.log(`${'collection'.padEnd(width)}  allowed  refused  parts reached`)
  for (const name of names) {
    const own = results.filter(({ subject }) => subject === name)
    const count = (expected: string) => own.filter((row) => row.expected === expected && !row.failure).length
    const parts = coverage.rules
      .filter(({ source }) => basename(source, '.json') === name)
      .flatMap((rule) => rule.parts)
    const reached = parts.filter((part) => part.unreached.length === 0).length
    console.log(
      `${name.padEnd(width)}  ${String(count('allowed')).padStart(7)}  ${String(count('refused')).padStart(7)}  ${parts.length === 0 ? 'a level' : `${reached} of ${parts.length}`}`,
    )
  }
  const rules = coverage.rules.filter(({ parts }) => parts.length > 0)
  if (rules.length > 0) console.log('\nParts of rules, and how often they were true, untrue, failed')
  for (const { source, operation, parts } of rules) {
    console.log(`  ${source} ${operation}`)
    for (const { text, times } of parts) {
      const counts = [times.true, times.false, times.error].map((count) => String(count).padStart(4)).join('')
      console.log(`  ${counts}  ${text}`)
    }
  }
  const failures = results.flatMap(({ subject, what, expected, failure }) =>
    failure === undefined ? [] : [`${subject}: ${what} is expected to be ${expected} and ${failure}`],
  )
  for (const [title, lines] of [
    ['Not as expected', failures],
    ['Missing', problems],
    ['Not reached', unreached],
  ] as const) {
    if (lines.length > 0) console.log(`\n${title}\n${lines.map((line) => `  ${line}`).join('\n')}`)
  }
  const passed = results.length - failures.length
  console.log(`\n${passed} of ${results.length} rows as expected; coverage in ${lcovFile}`)
}
