/** Runs inside a function instance: loads the user's code at the first event and runs one event at a time. */
import { getHeapStatistics } from 'node:v8'
import { parentPort, workerData } from 'node:worker_threads'
import type { FromInstance, InstanceSetup, ToInstance } from '../messages.ts'
import { followSharedClock } from './clock.ts'
import { sendToLocalCloud } from './cloud-hosts.ts'
import { captureConsole } from './console.ts'
import { type Handler, loadHandler } from './load.ts'
import { watchMissingModules } from './missing-modules.ts'
import { confineSignals } from './own-process.ts'
import { countRequests, landed } from './requests.ts'

const setup = workerData as InstanceSetup // written by instance.ts
const port = parentPort
if (!port) throw new Error('this file runs as a worker thread')
const send = (message: FromInstance): void => port.postMessage(message)

followSharedClock(setup.clock)
const printed = captureConsole(send)
confineSignals()
sendToLocalCloud(setup.gatewayHost)
watchMissingModules(setup, (text) => send({ type: 'log', level: 'warn', text, isOnce: true }))
const requests = countRequests(setup.gatewayHost)

let handler: Handler | undefined
let invocationNames: string[] = []

port.on('message', async (message: ToInstance) => {
  printed.beginCall()
  for (const name of invocationNames) delete process.env[name]
  Object.assign(process.env, message.env)
  invocationNames = Object.keys(message.env)
  try {
    handler ??= await loadHandler(setup)
  } catch (error) {
    return send({ type: 'load-failed', ...described(error) })
  }
  send({ type: 'loaded' })
  try {
    const value = await call(handler, JSON.parse(message.eventJson), JSON.parse(message.contextJson))
    const json: string | undefined = JSON.stringify(value)
    if (json !== undefined && Buffer.byteLength(json) > message.maxResultBytes) {
      throw new RangeError(`response size exceeds the limit of ${message.maxResultBytes} bytes`)
    }
    send({ type: 'returned', json, heapBytes: getHeapStatistics().used_heap_size })
  } catch (error) {
    send({ type: 'threw', ...described(error), heapBytes: getHeapStatistics().used_heap_size })
  }
  await landed(requests)
  send({ type: 'drained' })
})

/** A handler returns its result, or gives it to the third argument, as SCF's Node.js runtime allows. */
function call(run: Handler, event: unknown, context: unknown): unknown {
  if (run.length < 3) return run(event, context)
  return new Promise((resolve, reject) => {
    const returned = run(event, context, (error, value) => (error ? reject(error) : resolve(value)))
    if (returned instanceof Promise) returned.then(resolve, reject)
  })
}

function described(error: unknown): { message: string; stack?: string } {
  if (error instanceof Error) return { message: `${error.name}: ${error.message}`, stack: error.stack }
  if (typeof error === 'string') return { message: error }
  try {
    return { message: JSON.stringify(error) ?? String(error) }
  } catch {
    return { message: String(error) }
  }
}
