import { existsSync, readFileSync } from 'node:fs'
import Module, { createRequire } from 'node:module'
import { join } from 'node:path'
import type { InstanceSetup } from '../messages.ts'

/** A file of the local cloud, whose packages are lent; written in when the worker is bundled. */
declare const LENDER_FILE: string

/** Who lets DevTools install in the cloud ("cloud install") has no SDK on this machine, and needs none there. */
const LENT = ['wx-server-sdk', '@cloudbase/node-sdk']

/** Node's own search, which every `require` goes through; stable since Node 0.x, but not documented. */
interface Resolver {
  _resolveFilename(this: unknown, name: string, ...rest: unknown[]): string
}

/** Whatever `require` does not find is lent, or named with the command that installs it. */
export function watchMissingModules(setup: InstanceSetup, warn: (text: string) => void): void {
  const resolver = Module as unknown as Resolver
  const resolve = resolver._resolveFilename
  const warned = new Set<string>()
  resolver._resolveFilename = function (name, ...rest) {
    try {
      return resolve.call(this, name, ...rest)
    } catch (error) {
      if (!isMissing(error) || isPath(name)) throw error
      const lent = lend(name)
      if (lent === undefined) {
        const [firstLine = ''] = error.message.split('\n', 1)
        error.message = `${firstLine}: ${mendingWords(setup, name)}`
        throw error
      }
      const { packageName, version } = lent
      if (!warned.has(packageName)) {
        warned.add(packageName)
        warn(
          `${packageName} is not installed, ${version} of the local cloud is used: ${mendingWords(setup, name)}`,
        )
      }
      return lent.path
    }
  }
}

/** `function orders needs axios, run \`cd /shop/orders && npm install axios\`` */
export function mendingWords({ functionName, dir }: InstanceSetup, moduleName: string): string {
  const packageName = packageOf(moduleName)
  const folder = /^[\w@%+=:,./-]+$/.test(dir) ? dir : `"${dir}"`
  return `function ${functionName} needs ${packageName}, run \`cd ${folder} && ${installCommand(dir, packageName)}\``
}

/** Without a package.json of its own, npm would install into a folder further up, which is not deployed. */
function installCommand(dir: string, packageName: string): string {
  const path = join(dir, 'package.json')
  if (!existsSync(path)) return `npm init -y && npm install ${packageName}`
  return dependenciesIn(path).includes(packageName) ? 'npm install' : `npm install ${packageName}`
}

function dependenciesIn(path: string): string[] {
  try {
    return Object.keys(Object(JSON.parse(readFileSync(path, 'utf8')).dependencies))
  } catch {
    return []
  }
}

function lend(name: string): { path: string; packageName: string; version: string } | undefined {
  const packageName = packageOf(name)
  if (!LENT.includes(packageName)) return undefined
  const require = createRequire(LENDER_FILE)
  try {
    const { version } = require(`${packageName}/package.json`)
    return { path: require.resolve(name), packageName, version }
  } catch {
    return undefined
  }
}

function packageOf(name: string): string {
  return name.split('/', name.startsWith('@') ? 2 : 1).join('/')
}

function isPath(name: string): boolean {
  return name.startsWith('.') || name.startsWith('/') || name.startsWith('#')
}

function isMissing(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND'
}
