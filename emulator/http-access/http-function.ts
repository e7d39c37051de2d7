/** HTTP functions: web servers on port 9000 (CloudBase manual), each run as one process on a free port. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Log } from '../core/log.ts'

export interface HttpFunction {
  name: string
  dir: string
  /** Run by Node when there is no `scf_bootstrap`. */
  entry: string
  timeoutMs: number
  memoryMb: number
  initTimeoutMs: number
  env: Record<string, string>
  /** Changes when a file of the function changes. */
  fingerprint: string
}

export interface HttpFunctions {
  /** Where the function's server listens; started, or started anew, when need be. */
  portOf(httpFunction: HttpFunction): Promise<number>
  /** Ends its process, as a crash would. */
  kill(name: string): void
  stop(): Promise<void>
}

interface Running {
  fingerprint: string
  port: Promise<number>
  process: ChildProcess | undefined
  isDead: boolean
}

/** Sends `listen(9000)` to the free port, on loopback only. */
const PRELOAD = fileURLToPath(new URL('./listen-locally.cjs', import.meta.url))
const POLL_MS = 20

export function createHttpFunctions(log: Log): HttpFunctions {
  const running = new Map<string, Running>()

  function start(httpFunction: HttpFunction): Running {
    const { name, fingerprint } = httpFunction
    const server: Running = { fingerprint, port: freePort(), process: undefined, isDead: false }
    server.port = server.port.then(async (port) => {
      const child = launch(httpFunction, port)
      server.process = child
      child.once('exit', (code, signal) => {
        server.isDead = true
        log.info('functions', `${name} ended (${signal ?? code})`, { function: name })
      })
      for (const [stream, level] of [
        [child.stdout, 'info'],
        [child.stderr, 'error'],
      ] as const) {
        if (stream)
          createInterface({ input: stream }).on('line', (line) =>
            log[level]('functions', line, { function: name }),
          )
      }
      await listening(httpFunction, port, server)
      return port
    })
    server.port.catch(() => end(server))
    return server
  }

  return {
    portOf(httpFunction) {
      const current = running.get(httpFunction.name)
      if (current && !current.isDead && current.fingerprint === httpFunction.fingerprint) return current.port
      if (current) end(current)
      const server = start(httpFunction)
      running.set(httpFunction.name, server)
      return server.port
    },
    kill(name) {
      const server = running.get(name)
      if (server) end(server)
    },
    async stop() {
      await Promise.all(
        [...running.values()].map(async (server) => {
          await server.port.catch(() => undefined)
          end(server)
        }),
      )
      running.clear()
    },
  }
}

function launch({ dir, entry, env }: HttpFunction, port: number): ChildProcess {
  const bootstrap = join(dir, 'scf_bootstrap')
  const options = {
    cwd: dir,
    // A group of its own, so that what a shell script started ends with it.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'] as ['ignore', 'pipe', 'pipe'],
    env: {
      ...env,
      PORT: String(port),
      LOCAL_CLOUD_PID: String(process.pid),
      NODE_OPTIONS: `--require ${JSON.stringify(PRELOAD)}`,
    },
  }
  if (!existsSync(bootstrap)) return spawn(process.execPath, [entry], options)
  // The platform's own places of Node do not exist here.
  const script = readFileSync(bootstrap, 'utf8').replace(/\/var\/lang\/node\d+\/bin\//g, '')
  return spawn('/bin/sh', ['-c', script], options)
}

function end(server: Running): void {
  const { process: child } = server
  server.isDead = true
  if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // It ended in this very moment.
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

async function listening(
  { name, initTimeoutMs }: HttpFunction,
  port: number,
  server: Running,
): Promise<void> {
  const untilMs = performance.now() + initTimeoutMs
  while (performance.now() < untilMs) {
    if (server.isDead) throw new Error(`${name} ended before it listened on port 9000; see its log`)
    if (await accepts(port)) return
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
  throw new Error(`${name} did not listen on port 9000 (here: PORT) within ${initTimeoutMs / 1_000} seconds`)
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
