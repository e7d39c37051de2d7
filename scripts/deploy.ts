import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { buildAll } from './build/build-all.ts'
import { repoDir } from './build/repo-dir.ts'
import { CannotDeploy, type DeployPlan, planDeploy } from './deploy/plan.ts'
import { deployVariables, isLoggedIn } from './deploy/settings.ts'

/** Builds the functions and hands them to the tcb CLI. */
const usage = `npm run deploy -- --env <id> [--only fn,...] [--dry-run]
  --env <id>      the CloudBase environment
  --only fn,...   only these functions
  --dry-run       print exactly what would be sent, and send nothing`

try {
  process.exitCode = await deploy()
} catch (error) {
  if (!(error instanceof CannotDeploy) && !isUsageError(error)) throw error
  console.error(`${error.message}\n\n${usage}`)
  process.exitCode = 2
}

async function deploy(): Promise<number> {
  const { values: options } = parseArgs({
    options: {
      env: { type: 'string' },
      only: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (options.help) {
    console.log(usage)
    return 0
  }
  await buildAll(repoDir)
  const only = options.only
    ?.split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  const plan = planDeploy(repoDir, { envId: options.env, only }, deployVariables(repoDir, process.env))
  if (options['dry-run']) {
    describe(plan)
    return 0
  }
  if (plan.missing.length > 0) throw new CannotDeploy(whatIsMissing(plan))
  if (!isLoggedIn(process.env)) {
    throw new CannotDeploy(
      'Nobody is logged in. Run "npx tcb login", or set TENCENTCLOUD_SECRETID and TENCENTCLOUD_SECRETKEY.',
    )
  }
  return send(plan)
}

function describe(plan: DeployPlan): void {
  console.log(`Would deploy to ${plan.envId}: ${plan.functions.map(({ name }) => name).join(', ')}.\n`)
  for (const { name, settings, files, command } of plan.functions) {
    console.log(`${name}\n  tcb ${command.join(' ')}`)
    for (const file of files) {
      console.log(
        `  ${file.name.padEnd(16)}${String(file.sizeBytes).padStart(8)} bytes  sha256 ${file.sha256}`,
      )
    }
    console.log(`  settings ${JSON.stringify(settings)}\n`)
  }
  console.log(`${plan.configFile}, which the tcb CLI would read:\n${JSON.stringify(plan.config, null, 2)}\n`)
  console.log('Dry run: nothing was sent.')
  if (plan.missing.length > 0) console.log(`Not ready to send: ${whatIsMissing(plan)}`)
}

function whatIsMissing({ missing }: DeployPlan): string {
  const lines = missing.map((name) => `${name}=...`).join(' and ')
  return `the functions need ${missing.join(' and ')}. Put ${lines} into .env.local, or into the environment of this command.`
}

function send(plan: DeployPlan): number {
  const configFile = join(repoDir, plan.configFile)
  mkdirSync(dirname(configFile), { recursive: true })
  writeFileSync(configFile, JSON.stringify(plan.config, null, 2))
  const tcb = join(repoDir, 'node_modules/@cloudbase/cli/bin/tcb')
  for (const [at, { name, command }] of plan.functions.entries()) {
    console.log(`\n[${at + 1}/${plan.functions.length}] ${name}`)
    const { status } = spawnSync(process.execPath, [tcb, ...command], { cwd: repoDir, stdio: 'inherit' })
    if (status !== 0) {
      const left = plan.functions.slice(at).map((one) => one.name)
      console.error(
        `\nDeploying ${name} failed; see above. ${at} of ${plan.functions.length} functions are deployed. ` +
          `Go on with: npm run deploy -- --env ${plan.envId} --only ${left.join(',')}`,
      )
      return 1
    }
  }
  console.log(`\nDeployed ${plan.functions.map(({ name }) => name).join(', ')} to ${plan.envId}.`)
  return 0
}

/** parseArgs tells an unknown option by its code. */
function isUsageError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
}
