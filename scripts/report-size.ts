import { execFileSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { buildAll } from './build/build-all.ts'
import { functionNames } from './build/function-names.ts'
import { repoDir } from './build/repo-dir.ts'

/** Prints what each function weighs and how long it takes to load, beside the SDK as it comes. */
const usage = `npm run size -- [--runs N] [--json]
  --runs N  fresh processes per figure, of which the median counts (default 15)
  --json    print the figures as JSON`

const BUDGET_BYTES = 400_000
const BUDGET_RATIO = 0.25

const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '15' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

interface Row {
  name: string
  /** What is read at every start: index.js, and the parts that it requires at once. */
  codeBytes: number
  /** Everything that is uploaded. */
  uploadBytes: number
  loadMs: number
  /** Load time as a part of the unbundled SDK's. */
  ratio: number
}

if (options.help) console.log(usage)
else await reportSizes(Math.max(1, Number(options.runs) || 15))

async function reportSizes(runs: number): Promise<void> {
  await buildAll(repoDir)
  const sdk = join(repoDir, 'node_modules/wx-server-sdk')
  const names = functionNames(repoDir)
  const loads = measureLoads([sdk, ...names.map(folderOf)], runs)
  const sdkLoads = msOf(loads.get(sdk))
  const sdkLoadMs = median(sdkLoads)
  const rows = names.map((name): Row => {
    const sizes = filesOf(folderOf(name))
    const own = loads.get(folderOf(name))
    const ownLoads = msOf(own)
    return {
      name,
      codeBytes: own?.[0]?.bytes ?? 0,
      uploadBytes: [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0),
      loadMs: median(ownLoads),
      ratio: median(ownLoads.map((ms, run) => ms / (sdkLoads[run] ?? Number.NaN))),
    }
  })
  if (options.json) console.log(JSON.stringify({ sdkLoadMs, runs, functions: rows }))
  else print(rows, sdkLoadMs, runs)
}

interface Load {
  ms: number
  /** Of all files that were read. */
  bytes: number
}

function msOf(loads: Load[] = []): number[] {
  return loads.map(({ ms }) => ms)
}

/** One load per run. Goes round all folders in each run, so that a busy moment of the machine falls on all alike. */
function measureLoads(folders: string[], runs: number): Map<string, Load[]> {
  const samples = new Map(folders.map((folder): [string, Load[]] => [folder, []]))
  for (let run = 0; run <= runs; run += 1) {
    for (const folder of folders) {
      const load = loadOnce(folder)
      // The first run reads the files from disk.
      if (run > 0) samples.get(folder)?.push(load)
    }
  }
  return samples
}

function loadOnce(folder: string): Load {
  const program = `
    const started = performance.now()
    require(${JSON.stringify(folder)})
    const ms = performance.now() - started
    const bytes = Object.keys(require.cache).reduce((sum, path) => sum + require('node:fs').statSync(path).size, 0)
    process.stdout.write('\\n' + JSON.stringify({ ms, bytes }))
    process.exit(0)`
  const output = execFileSync(process.execPath, ['-e', program], {
    encoding: 'utf8',
    env: {
      TENCENTCLOUD_RUNENV: 'SCF',
      TENCENTCLOUD_REGION: 'ap-shanghai',
      SCF_NAMESPACE: 'size',
      TCB_ENV: 'size',
    },
  })
  // The program prints exactly this object, after whatever the code printed.
  return JSON.parse(output.slice(output.lastIndexOf('\n'))) as Load
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

function filesOf(folder: string): Map<string, number> {
  return new Map(readdirSync(folder).map((name) => [name, statSync(join(folder, name)).size]))
}

function folderOf(name: string): string {
  return join(repoDir, 'dist/cloudfunctions', name)
}

function print(rows: Row[], sdkLoadMs: number, runs: number): void {
  console.log('function          code kB   upload kB   load ms   of the SDK')
  for (const row of rows) {
    const over = row.codeBytes > BUDGET_BYTES || row.ratio > BUDGET_RATIO ? '  over budget' : ''
    console.log(
      `${row.name.padEnd(16)}${kb(row.codeBytes)}${kb(row.uploadBytes, 12)}${row.loadMs.toFixed(1).padStart(10)}${percent(row.ratio)}${over}`,
    )
  }
  console.log(`${'wx-server-sdk, unbundled'.padEnd(37)}${sdkLoadMs.toFixed(1).padStart(10)}${percent(1)}`)
  console.log(
    `Budget: ${BUDGET_BYTES / 1000} kB of code, ${BUDGET_RATIO * 100} % of the SDK's load time. Medians of ${runs} fresh processes.`,
  )
}

function kb(bytes: number, width = 9): string {
  return (bytes / 1000).toFixed(0).padStart(width)
}

function percent(ratio: number): string {
  return `${(ratio * 100).toFixed(0)} %`.padStart(13)
}
