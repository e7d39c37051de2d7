/** The local cloud in a process of its own, so that it can be killed, and so that its work is not the client's. */
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { LOCAL_APPID, openidOf } from '../../emulator/core/identity.ts'

const REPO_DIR = join(import.meta.dirname, '../..')
const READY_WITHIN_MS = 30_000

export interface CloudProcess {
  readonly port: number
  /** `kill -9`, and the same cloud again on the same data and port. */
  killAndRestart(): Promise<void>
  stop(): Promise<void>
}

/** @param onLog hears of every line of its log */
export async function startCloudProcess(
  options: { dataDir: string; arguments?: string[] },
  onLog: (line: string) => void = () => {},
): Promise<CloudProcess> {
  let running = await launch(0)

  async function launch(port: number): Promise<{ child: ChildProcess; port: number }> {
    const fixed = ['--port', String(port), '--data', options.dataDir, '--json', '--no-seed', '--no-limits']
    const child = spawn(
      process.execPath,
      ['scripts/run.mjs', 'scripts/emulator.ts', ...fixed, ...(options.arguments ?? [])],
      {
        cwd: REPO_DIR,
        env: { ...process.env, ADMIN_OPENIDS: openidOf(LOCAL_APPID, 'admin') },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    )
    const latest: string[] = []
    createInterface({ input: child.stderr }).on('line', (line) => {
      onLog(line)
      latest.splice(0, latest.length - 20, line)
    })
    const url = await new Promise<string>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error('the local cloud did not become ready')),
        READY_WITHIN_MS,
      )
      createInterface({ input: child.stdout }).on('line', (line) => {
        if (!line.startsWith('{')) return
        clearTimeout(timer)
        resolve(JSON.parse(line).url)
      })
      child.once('exit', (code) => {
        clearTimeout(timer)
        reject(new Error(`the local cloud ended with ${code}:\n${latest.join('\n')}`))
      })
    })
    return { child, port: Number(new URL(url).port) }
  }

  return {
    get port() {
      return running.port
    },
    async killAndRestart() {
      await end(running.child, 'SIGKILL')
      running = await launch(running.port)
    },
    stop: () => end(running.child, 'SIGTERM'),
  }
}

function end(child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve()
    child.once('exit', () => resolve())
    child.kill(signal)
  })
}
