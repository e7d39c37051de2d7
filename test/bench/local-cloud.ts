/** A local cloud in a process of its own, so that it can be killed, and so that its work is not the client's. */
import { type ChildProcess, spawn } from 'node:child_process'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { LOCAL_APPID, openidOf } from '../../emulator/core/identity.ts'

const REPO_DIR = join(import.meta.dirname, '../..')
const READY_WITHIN_MS = 30_000
const REQUEST_TIMEOUT_MS = 30_000

/** What the kernel logs at the end of each call. */
export interface CallLine {
  route: string
  code: number
  error?: string
  databaseCalls: number
}

/** What the caller saw: an answer of the route, or nothing that can be trusted. */
export type Answer<T> = { ok: true; data: T } | { ok: false; error: string } | { ok: false; failed: string }

export interface LocalCloud {
  readonly calls: CallLine[]
  call<T>(user: string, route: string, data: unknown, requestId?: string): Promise<Answer<T>>
  control<T>(method: string, path: string, body?: unknown): Promise<T>
  /** `kill -9`, and the same cloud again on the same data and port. */
  killAndRestart(): Promise<void>
  stop(): Promise<void>
}

export async function startLocalCloud(dataDir: string, connections: number): Promise<LocalCloud> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const calls: CallLine[] = []
  let running = await launch(dataDir, 0, calls)

  async function send(
    method: string,
    path: string,
    body: unknown,
    user?: string,
  ): Promise<Record<string, unknown>> {
    const text = body === undefined ? undefined : JSON.stringify(body)
    const headers: Record<string, string> = { 'content-type': 'application/json' }
    if (text !== undefined) headers['content-length'] = String(Buffer.byteLength(text))
    if (user !== undefined) headers['x-emulator-user'] = user
    return new Promise((resolve, reject) => {
      const options = { agent, method, path, port: running.port, headers, timeout: REQUEST_TIMEOUT_MS }
      const sent = request({ host: '127.0.0.1', ...options }, (response) => {
        let received = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => {
          received += chunk
        })
        response.on('error', reject)
        response.on('end', () => {
          try {
            resolve(JSON.parse(received))
          } catch (cause) {
            reject(
              new Error(`${method} ${path} answered ${response.statusCode} ${received.slice(0, 200)}`, {
                cause,
              }),
            )
          }
        })
      })
      sent.on('timeout', () => sent.destroy(new Error(`${path} took longer than ${REQUEST_TIMEOUT_MS} ms`)))
      sent.on('error', reject)
      sent.end(text)
    })
  }

  return {
    calls,

    async call<T>(user: string, route: string, data: unknown, requestId?: string): Promise<Answer<T>> {
      const [name, $url] = route.split('/')
      try {
        const reply = await send('POST', `/client/functions/${name}`, { $url, data, requestId }, user)
        // Every route answers with the kernel's reply; without one the platform speaks.
        const result = reply.result as { code: number; data: T; error: string } | undefined
        if (!result) return { ok: false, failed: String(reply.errMsg) }
        return result.code === 0 ? { ok: true, data: result.data } : { ok: false, error: result.error }
      } catch (cause) {
        return { ok: false, failed: String(cause) }
      }
    },

    async control<T>(method: string, path: string, body?: unknown) {
      // The control interface describes its answers in /control/openapi.json.
      return (await send(method, `/control/${path}`, body)) as T
    },

    async killAndRestart() {
      await end(running.child, 'SIGKILL')
      running = await launch(dataDir, running.port, calls)
    },

    async stop() {
      agent.destroy()
      await end(running.child, 'SIGTERM')
    },
  }
}

async function launch(
  dataDir: string,
  port: number,
  calls: CallLine[],
): Promise<{ child: ChildProcess; port: number }> {
  const options = ['--port', String(port), '--data', dataDir, '--json', '--no-seed']
  const child = spawn(process.execPath, ['scripts/run.mjs', 'scripts/emulator.ts', ...options], {
    cwd: REPO_DIR,
    env: { ...process.env, ADMIN_OPENIDS: openidOf(LOCAL_APPID, 'admin') },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const complaints: string[] = []
  createInterface({ input: child.stderr }).on('line', (line) => {
    const call = toCallLine(line)
    if (call) calls.push(call)
    else complaints.splice(0, complaints.length - 20, line)
  })
  const url = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the local cloud did not become ready')), READY_WITHIN_MS)
    const lines = createInterface({ input: child.stdout })
    lines.on('line', (line) => {
      if (!line.startsWith('{')) return
      clearTimeout(timer)
      resolve(JSON.parse(line).url)
    })
    child.once('exit', (code) => {
      clearTimeout(timer)
      reject(new Error(`the local cloud ended with ${code}:\n${complaints.join('\n')}`))
    })
  })
  return { child, port: Number(new URL(url).port) }
}

/** `[flashsale] call refused route=flashsale/buy code=5003 … databaseCalls=1 error=SOLD_OUT` */
function toCallLine(line: string): CallLine | undefined {
  const fields = new Map(
    [...line.matchAll(/ (\w+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value]),
  )
  const [route, calls] = [fields.get('route'), fields.get('databaseCalls')]
  if (route === undefined || calls === undefined) return undefined
  return { route, code: Number(fields.get('code')), error: fields.get('error'), databaseCalls: Number(calls) }
}

function end(child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve()
    child.once('exit', () => resolve())
    child.kill(signal)
  })
}
