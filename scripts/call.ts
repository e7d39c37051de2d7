/** npm run call -- order/create '{"…"}' --as buyer1: calls a route of the running local cloud as a user. */
import { randomUUID } from 'node:crypto'
import yargs from 'yargs'
import { hideBin } from 'yargs/helpers'

const {
  target,
  data,
  as: user,
  requestId,
  url,
} = await yargs(hideBin(process.argv))
  .scriptName('npm run call --')
  .command('$0 <target> [data]', 'calls a route, or a function that has no routes', (command) =>
    command
      .positional('target', { type: 'string', demandOption: true, describe: 'function/route, or function' })
      .positional('data', { type: 'string', default: '{}', describe: 'JSON object' }),
  )
  .options({
    as: {
      type: 'string',
      default: 'buyer1',
      describe: 'user: buyer1, buyer2, author1, manager1, admin, or any name',
    },
    'request-id': {
      type: 'string',
      default: randomUUID(),
      defaultDescription: 'a new one',
      describe: 'the same again repeats an idempotent call',
    },
    url: {
      type: 'string',
      default: process.env.CLOUD_URL ?? 'http://127.0.0.1:9527',
      describe: 'where the cloud is',
    },
  })
  .strict()
  .version(false)
  .parseAsync()

const input = parseData(String(data))
const [functionName = '', ...route] = String(target).split('/')
const event = route.length === 0 ? input : { $url: route.join('/'), data: input, requestId }
const reply = await post(`${url}/client/functions/${encodeURIComponent(functionName)}`, event)
console.log(JSON.stringify(reply, null, 2))
process.exitCode = isRefusal(reply) ? 1 : 0

function parseData(text: string): object {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  } catch (error) {
    fail(`the data is not JSON: ${error instanceof Error ? error.message : error}\n  ${text}`)
  }
  return fail(`the data must be a JSON object, for example '{"id":"1"}'`)
}

async function post(address: string, body: object): Promise<unknown> {
  if (!URL.canParse(address)) fail(`--url ${url} is not an address, for example http://127.0.0.1:9527`)
  try {
    const headers = { 'content-type': 'application/json', 'x-emulator-user': user }
    const response = await fetch(address, { method: 'POST', headers, body: JSON.stringify(body) })
    return await response.json()
  } catch {
    return fail(
      `the local cloud is not running at ${url}: start it with npm start, or say where it is with --url`,
    )
  }
}

/** A refusal of the platform (errCode), of the address (code), or of the route (code in the result). */
function isRefusal(given: unknown): boolean {
  const { errCode, code, result } = Object(given)
  return Boolean(errCode || code || Object(result).code)
}

function fail(message: string): never {
  console.error(message)
  process.exit(1)
}
