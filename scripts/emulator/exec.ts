import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { constants } from 'node:os'
import { join } from 'node:path'
import type { Emulator } from '../../emulator/index.ts'

/** Runs `command` with the environment in which SDKs and clients find the cloud. Gives the exit code. */
export function runInCloud(cloud: Emulator, command: string[]): Promise<number> {
  const [program = '', ...args] = command
  const child = spawn(program, args, {
    stdio: 'inherit',
    env: {
      ...process.env,
      ...cloud.sdkEnvironment(),
      ...proxyForOldSdk(cloud, process.cwd()),
      CLOUD_URL: cloud.url,
    },
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

/**
 * wx-server-sdk 1.8 has no setting for the cloud's address and is led here by a proxy. Only where it is installed: other
 * packages obey the variable too, and would miss the internet.
 */
function proxyForOldSdk(cloud: Emulator, dir: string): Record<string, string> {
  try {
    const { version } = createRequire(join(dir, 'any.js'))('wx-server-sdk/package.json')
    return /^[01]\./.test(version) ? { HTTP_PROXY: cloud.url, NO_PROXY: '127.0.0.1,localhost' } : {}
  } catch {
    return {} // not installed there
  }
}
