/**
 * Runs a TypeScript program of this repository: node scripts/run.mjs scripts/<name>.ts [arguments].
 * Node 20 does not read TypeScript, and a loader costs 100 ms at every start and in every thread. This bundles the
 * program's own files once into dist/tools (packages stay where they are) and starts the result next time.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const repoDir = dirname(dirname(fileURLToPath(import.meta.url)))

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [program, ...args] = process.argv.slice(2)
  if (!program || !existsSync(program)) {
    console.error(
      program ? `no such program: ${program}` : 'usage: node scripts/run.mjs scripts/<name>.ts [arguments]',
    )
    process.exit(2)
  }
  await runProgram(resolve(program), args)
}

/** Runs `program` in this process, with `args` in process.argv. */
export async function runProgram(program, args) {
  process.argv = [process.argv[0], program, ...args]
  await import(pathToFileURL(await compiled(program)).href)
}

async function compiled(program) {
  const output = join(repoDir, 'dist/tools', `${basename(program, '.ts')}.mjs`)
  const stampFile = `${output}.stamp.json`
  if (!isUpToDate(output, stampFile)) {
    const inputs = await compile(program, output)
    writeFileSync(stampFile, JSON.stringify(Object.fromEntries(inputs.map((path) => [path, markOf(path)]))))
  }
  return output
}

function isUpToDate(output, stampFile) {
  if (!existsSync(output) || !existsSync(stampFile)) return false
  try {
    return Object.entries(JSON.parse(readFileSync(stampFile, 'utf8'))).every(
      ([path, mark]) => markOf(path) === mark,
    )
  } catch {
    return false
  }
}

async function compile(program, output) {
  if (!existsSync(join(repoDir, 'node_modules'))) await import('./ensure-installed.mjs')
  const { build } = await import('esbuild')
  const { metafile, outputFiles } = await build({
    absWorkingDir: repoDir,
    entryPoints: [program],
    outfile: output,
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    format: 'esm',
    sourcemap: 'inline',
    metafile: true,
    write: false,
    plugins: [keepOwnPlace()],
  })
  mkdirSync(dirname(output), { recursive: true })
  for (const { text } of outputFiles) {
    writeFileSync(`${output}.${process.pid}`, text)
    renameSync(`${output}.${process.pid}`, output)
  }
  return Object.keys(metafile.inputs).map((path) => join(repoDir, path))
}

/** A file may look for its neighbours by import.meta: it means the source, not the bundle. */
function keepOwnPlace() {
  return {
    name: 'keep-own-place',
    setup(build) {
      build.onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const source = readFileSync(path, 'utf8')
        if (!source.includes('import.meta.')) return undefined
        const contents = source
          .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href))
          .replaceAll('import.meta.dirname', JSON.stringify(dirname(path)))
          .replaceAll('import.meta.filename', JSON.stringify(path))
        return { contents, loader: 'ts' }
      })
    },
  }
}

function markOf(path) {
  const stat = statSync(path, { throwIfNoEntry: false })
  return stat === undefined ? null : `${stat.size}@${stat.mtimeMs}`
}
