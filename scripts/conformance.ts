import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { repoDir } from './build/repo-dir.ts'
import { type Area, countCases } from './conformance/count-cases.ts'
import { readLedger } from './conformance/read-ledger.ts'

/** Runs the tables of cases on every SDK, and prints how many hold in each area, and what is known to differ. */
const usage = `npm run conformance -- [--json] [--ledger]
  --json    cases per area and SDK, and the ledger's rows, as JSON
  --ledger  print each row of the ledger, not only how many`

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    ledger: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (options.help) {
  console.log(usage)
  process.exit(0)
}

const dir = mkdtempSync(join(tmpdir(), 'conformance-'))
try {
  const report = join(dir, 'report.json')
  await runTests(report)
  const areas = countCases(JSON.parse(readFileSync(report, 'utf8')), repoDir)
  const ledger = readLedger(join(repoDir, 'test/conformance/deviations.md'))
  if (options.json) console.log(JSON.stringify({ areas, ledger }))
  else print(areas, ledger)
  const isGood = areas.length > 0 && areas.every(({ failed }) => failed.length === 0)
  process.exitCode = isGood ? 0 : 1
} finally {
  rmSync(dir, { recursive: true, force: true })
}

function runTests(report: string): Promise<void> {
  const folders = ['test/conformance', 'test/generations']
  const args = ['run', ...folders, '--reporter=json', `--outputFile=${report}`]
  return new Promise((resolve, reject) => {
    const child = spawn(join(repoDir, 'node_modules/.bin/vitest'), args, {
      cwd: repoDir,
      // What programs under test print would drown the table.
      stdio: ['ignore', 'ignore', 'ignore'],
    })
    child.once('error', reject)
    child.once('close', () => resolve())
  })
}

function print(areas: Area[], ledger: ReturnType<typeof readLedger>): void {
  const width = Math.max(...areas.map(({ name }) => name.length), 'area'.length)
  console.log(`${'area'.padEnd(width)}   cases  hold  on`)
  for (const { name, cases, passed, runs, sdks } of areas) {
    console.log(`${name.padEnd(width)}  ${String(cases).padStart(6)}  ${passed}/${runs}  ${sdks.join(', ')}`)
  }
  const total = areas.reduce((sum, { cases }) => sum + cases, 0)
  const runs = areas.reduce((sum, area) => sum + area.runs, 0)
  console.log(`${'total'.padEnd(width)}  ${String(total).padStart(6)}  (${runs} runs)`)
  for (const { failed } of areas) for (const title of failed) console.log(`FAILS: ${title}`)
  console.log('\nknown or suspected differences (test/conformance/deviations.md)')
  for (const { section, rows } of ledger) {
    console.log(`  ${section}: ${rows.length}`)
    if (options.ledger) for (const { behaviour, ours } of rows) console.log(`    ${behaviour} -> ${ours}`)
  }
}
