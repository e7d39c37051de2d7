import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { InstanceSetup } from '../messages.ts'

export type Handler = (
  event: unknown,
  context: unknown,
  callback?: (error: unknown, value?: unknown) => void,
) => unknown

/** Loads the main file of a function; what is missing is answered with the command that mends it. */
export async function loadHandler(setup: InstanceSetup): Promise<Handler> {
  const loaded = await loadModule(setup)
  const handler = find(loaded, setup.exportName) ?? find(find(loaded, 'default'), setup.exportName)
  if (typeof handler !== 'function') {
    throw new TypeError(
      `${setup.entry} does not export ${setup.exportName}: add exports.${setup.exportName} = async (event, context) => …`,
    )
  }
  return handler as Handler // a function; its parameters cannot be checked
}

async function loadModule(setup: InstanceSetup): Promise<unknown> {
  try {
    return createRequire(setup.entry)(setup.entry)
  } catch (error) {
    const code = find(error, 'code')
    if (code === 'ERR_REQUIRE_ESM') return import(pathToFileURL(setup.entry).href)
    if (code === 'MODULE_NOT_FOUND') throw missingModule(error as Error, setup)
    if (error instanceof SyntaxError) throw brokenSource(error)
    throw error
  }
}

function missingModule(error: Error, { functionName, dir }: InstanceSetup): Error {
  const firstLine = error.message.split('\n', 1)[0]
  const name = /Cannot find module '([^']+)'/.exec(error.message)?.[1]
  if (name === undefined || name.startsWith('.') || name.startsWith('/')) {
    return Object.assign(new Error(`${firstLine}; if ${functionName} is built, build it again`), {
      stack: error.stack,
    })
  }
  const packageName = name.split('/', name.startsWith('@') ? 2 : 1).join('/')
  const command = declares(dir, packageName) ? 'npm install' : `npm install ${packageName}`
  return Object.assign(new Error(`Cannot find module '${name}': run \`${command}\` in ${dir}`), {
    stack: error.stack,
  })
}

/** The first line of such a stack names file and line, which the message does not. */
function brokenSource(error: SyntaxError): Error {
  const where = error.stack?.split('\n', 1)[0]
  return Object.assign(new SyntaxError(`${error.message} (${where}): mend the file, or build it again`), {
    stack: error.stack,
  })
}

function declares(dir: string, packageName: string): boolean {
  const path = join(dir, 'package.json')
  if (!existsSync(path)) return false
  const manifest: unknown = JSON.parse(readFileSync(path, 'utf8'))
  return find(find(manifest, 'dependencies'), packageName) !== undefined
}

function find(holder: unknown, key: string): unknown {
  if ((typeof holder !== 'object' && typeof holder !== 'function') || holder === null) return undefined
  return Reflect.get(holder, key)
}
