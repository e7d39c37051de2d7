import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import type { Emulator } from '../../emulator/index.ts'

/** Runs `command` with the environment in which SDKs and clients find the cloud. Gives the exit code. */
export function runInCloud(cloud: Emulator, command: string[]): Promise<number> {
  const [program = '', ...args] = command
  const child = spawn(program, args, {
    stdio: 'inherit',
    env: { ...process.env, ...cloud.sdkEnvironment(), CLOUD_URL: cloud.url },
  })
  // Ctrl-C reaches the command by itself; the cloud stays until the command has ended.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  return new Promise((resolve) => {
    child.once('error', (error) => {
      console.error(`${program} cannot be run: ${error.message}`)
      resolve(127)
    })
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)))
  })
}
