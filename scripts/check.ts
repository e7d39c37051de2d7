import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { repoDir } from './build/repo-dir.ts'
import { checkImports } from './imports/check-imports.ts'

/** npm run check: types, lint and format, import directions. Runs all of them, then says which failed. */
const bin = (name: string) => join(repoDir, 'node_modules/.bin', name)
const stubConfig = join(repoDir, 'miniprogram-stub/tsconfig.json')

const checks: { name: string; run: () => Promise<boolean> }[] = [
  { name: 'types', run: () => command(bin('tsc'), '--noEmit', '-p', repoDir) },
  { name: 'types of the mini program', run: miniProgramTypes },
  { name: 'lint and format', run: () => command(bin('biome'), 'check', '--error-on-warnings', repoDir) },
  { name: 'import directions', run: importDirections },
]

const failed: string[] = []
for (const { name, run } of checks) {
  if (!(await run())) failed.push(name)
}
console.log(
  failed.length === 0
    ? `check: ${checks.map(({ name }) => name).join(', ')}: all good`
    : `check failed: ${failed.join(', ')}`,
)
process.exitCode = failed.length === 0 ? 0 : 1

function command(program: string, ...args: string[]): Promise<boolean> {
  return new Promise((ended) => {
    const child = spawn(program, args, { cwd: repoDir, stdio: 'inherit' })
    child.once('error', (error) => {
      console.error(`${program}: ${error.message}`)
      ended(false)
    })
    child.once('close', (code) => ended(code === 0))
  })
}

async function miniProgramTypes(): Promise<boolean> {
  return !existsSync(stubConfig) || command(bin('tsc'), '--noEmit', '-p', stubConfig)
}

async function importDirections(): Promise<boolean> {
  const faults = checkImports(repoDir)
  for (const fault of faults) console.error(fault)
  return faults.length === 0
}
