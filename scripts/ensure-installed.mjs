/**
 * Runs before `npm start` and `npm test`: installs the dependencies when they are missing or when package-lock.json
 * has changed since they were installed. Uses nothing but Node, because nothing else may be there yet.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const repoDir = dirname(dirname(fileURLToPath(import.meta.url)))
const modulesDir = join(repoDir, 'node_modules')
const stampFile = join(modulesDir, '.installed-for')
const OLDEST_NODE = 20
/** The test runner's and the platform's own; older ones of 20 mostly work. */
const OLDEST_TESTED = [20, 19]

checkNode()
const wanted = fingerprint()
if (!isInstalled()) install()

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major < OLDEST_NODE) {
    fail(
      `Node ${OLDEST_NODE} or later is needed, this is ${process.versions.node}.`,
      'Install it, for example with "nvm install".',
    )
  }
  if (major === OLDEST_TESTED[0] && minor < OLDEST_TESTED[1]) {
    console.warn(`Node ${process.versions.node} is older than the tested ${OLDEST_TESTED.join('.')}.`)
  }
}

function fingerprint() {
  const lock = readFileSync(join(repoDir, 'package-lock.json'))
  // Some packages bring a binary for the system and version of Node that installed them.
  const host = `${process.platform} ${process.arch} ${process.versions.modules}`
  return createHash('sha256').update(lock).update(host).digest('hex')
}

function isInstalled() {
  if (existsSync(stampFile)) return readFileSync(stampFile, 'utf8') === wanted
  if (!isInstalledByHand()) return false
  writeFileSync(stampFile, wanted)
  return true
}

/** Somebody ran npm by himself: npm leaves a list of what it installed, written last of all. */
function isInstalledByHand() {
  const listFile = join(modulesDir, '.package-lock.json')
  if (!existsSync(listFile)) return false
  const installed = JSON.parse(readFileSync(listFile, 'utf8')).packages
  const locked = JSON.parse(readFileSync(join(repoDir, 'package-lock.json'), 'utf8')).packages
  return Object.entries(locked).every(
    ([path, { version, optional }]) =>
      path === '' || installed[path]?.version === version || (optional && !installed[path]),
  )
}

function install() {
  const reason = existsSync(stampFile) ? 'package-lock.json has changed' : 'first run'
  console.log(`Installing dependencies (${reason}); this takes about a minute ...`)
  const startedMs = Date.now()
  const npm = npmCommand()
  // Not `npm ci`: it refuses a lock file that lacks the binaries of other systems, which a mirror may not carry.
  const { status, error } = spawnSync(
    npm.command,
    [...npm.args, 'install', '--no-save', '--no-audit', '--no-fund'],
    {
      cwd: repoDir,
      stdio: 'inherit',
      shell: npm.shell,
    },
  )
  if (error || status !== 0) {
    fail(
      `Installing the dependencies failed (${error ? error.message : `npm ended with ${status}`}).`,
      'Look at the lines above. Without network or behind a proxy, set npm\'s "proxy" or "registry"; then try again.',
    )
  }
  writeFileSync(stampFile, wanted)
  console.log(`Installed in ${Math.round((Date.now() - startedMs) / 1000)} s.`)
}

/** The npm that runs this script, if one does: no second npm has to be found. */
function npmCommand() {
  const running = process.env.npm_execpath
  if (running?.endsWith('.js')) return { command: process.execPath, args: [running], shell: false }
  return { command: 'npm', args: [], shell: process.platform === 'win32' }
}

function fail(problem, nextStep) {
  console.error(`\n${problem}\n${nextStep}`)
  process.exit(1)
}
