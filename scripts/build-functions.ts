import { watch } from 'node:fs'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { type BuildOutcome, buildAll } from './build/build-all.ts'
import { repoDir } from './build/repo-dir.ts'

/** Bundles the cloud functions into dist/cloudfunctions. */
const usage = `npm run build -- [--watch] [--if-stale] [--json]
  --watch     build again whenever a source changes
  --if-stale  do nothing when no source has changed since the last build
  --json      print what was built as JSON`

const { values: options } = parseArgs({
  options: {
    watch: { type: 'boolean', default: false },
    'if-stale': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

if (options.help) console.log(usage)
else if (options.watch) await buildAndWatch()
else process.exitCode = (await buildOnce(!options['if-stale'])) ? 0 : 1

async function buildOnce(force: boolean): Promise<boolean> {
  const startedMs = performance.now()
  try {
    report(await buildAll(repoDir, { force }), performance.now() - startedMs)
    return true
  } catch (error) {
    console.error(explain(error))
    return false
  }
}

function report(outcome: BuildOutcome, tookMs: number): void {
  if (options.json) {
    console.log(JSON.stringify(outcome))
    return
  }
  if (outcome.upToDate) return
  for (const { name, sizesBytes, startBytes } of outcome.bundles) {
    const allBytes = Object.values(sizesBytes).reduce((sum, bytes) => sum + bytes, 0)
    console.log(
      `  ${name.padEnd(16)}${kb(startBytes)}, and ${kb(allBytes - startBytes)} that are read when needed`,
    )
  }
  console.log(
    `built ${outcome.bundles.length} functions into dist/cloudfunctions in ${Math.round(tookMs)} ms`,
  )
}

async function buildAndWatch(): Promise<void> {
  await buildOnce(true)
  let building = Promise.resolve(true)
  let waiting: NodeJS.Timeout | undefined
  const sourceDir = join(repoDir, 'cloudfunctions')
  watch(sourceDir, { recursive: true }, (_event, file) => {
    if (!file || file.endsWith('.test.ts') || !/\.(ts|json)$/.test(file)) return
    clearTimeout(waiting)
    // An editor writes a file in several steps.
    waiting = setTimeout(() => {
      building = building.then(() => buildOnce(false))
    }, 50)
  })
  console.log(`watching ${relative(repoDir, sourceDir)}/ for changes; Ctrl-C stops`)
}

/** The messages of esbuild with file and line, or whatever else stopped the build. */
function explain(error: unknown): string {
  if (error instanceof Error && 'errors' in error && Array.isArray(error.errors)) {
    const lines = error.errors.map(({ text, location }) =>
      location ? `${location.file}:${location.line}:${location.column}: ${text}` : text,
    )
    return `The build failed:\n${lines.join('\n')}`
  }
  return `The build failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`
}

function kb(bytes: number): string {
  return `${Math.ceil(bytes / 1000)} kB`
}
