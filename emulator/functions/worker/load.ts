import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import type { InstanceSetup } from '../messages.ts'
import { mendingWords } from './missing-modules.ts'

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
    return await requireOrImport(setup.entry)
  } catch (error) {
    const code = find(error, 'code')
    if (code === 'MODULE_NOT_FOUND') throw missingFile(error as Error, setup)
    if (code === 'ERR_MODULE_NOT_FOUND') throw missingImport(error as Error, setup)
    if (error instanceof SyntaxError) throw brokenSource(error)
    throw error
  }
}

/** Node 20.19 and later require modules too, but for those that await while they load. */
async function requireOrImport(entry: string): Promise<unknown> {
  try {
    return createRequire(entry)(entry)
  } catch (error) {
    const code = find(error, 'code')
    if (code === 'ERR_REQUIRE_ESM' || code === 'ERR_REQUIRE_ASYNC_MODULE')
      return import(pathToFileURL(entry).href)
    throw error
  }
}

/** A package that is missing has been explained where it was asked for; here a file of the function itself is. */
function missingFile(error: Error, { functionName }: InstanceSetup): Error {
  const [firstLine = ''] = error.message.split('\n', 1)
  if (!/Cannot find module '[./]/.test(firstLine)) return error
  return retold(error, `${firstLine}; if ${functionName} is built, build it again`)
}

function missingImport(error: Error, setup: InstanceSetup): Error {
  const [, name] = /^Cannot find package '([^']+)'/.exec(error.message) ?? []
  return name === undefined
    ? error
    : retold(error, `Cannot find package '${name}': ${mendingWords(setup, name)}`)
}

function retold(error: Error, message: string): Error {
  return Object.assign(new Error(message), { stack: error.stack })
}

/** The first line of such a stack names file and line, which the message does not. */
function brokenSource(error: SyntaxError): Error {
  const where = error.stack?.split('\n', 1)[0]
  return Object.assign(new SyntaxError(`${error.message} (${where}): mend the file, or build it again`), {
    stack: error.stack,
  })
}

function find(holder: unknown, key: string): unknown {
  if ((typeof holder !== 'object' && typeof holder !== 'function') || holder === null) return undefined
  return Reflect.get(holder, key)
}
