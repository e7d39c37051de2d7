import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Emulator, type EmulatorOptions, startEmulator } from '../index.ts'

/** The real SDK, required from a function that lies in a temporary folder. */
export const SDK = `const cloud = require(${JSON.stringify(createRequire(import.meta.url).resolve('wx-server-sdk'))})
cloud.init({ env: cloud.DYNAMIC_CURRENT_ENV })
`

export interface TestCloud extends Emulator {
  dir: string
  /** Writes a file of the project; a bare name is the main file of a function. */
  write(path: string, content: string | object): void
  /** A mini program's call, over HTTP. */
  post(
    functionName: string,
    body: unknown,
    user?: string,
  ): Promise<{ status: number; body: Record<string, unknown> }>
}

/** A local cloud on a project of plain functions in a temporary folder; `await using` ends both. */
export async function startTestCloud(
  files: Record<string, string | object>,
  options: EmulatorOptions = {},
): Promise<TestCloud & AsyncDisposable> {
  const dir = mkdtempSync(join(tmpdir(), 'cloud-'))
  const write = (path: string, content: string | object): void => {
    const file = join(dir, /[/.]/.test(path) ? path : `cloudfunctions/${path}/index.js`)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  }
  for (const [path, content] of Object.entries(files)) write(path, content)
  const emulator = await startEmulator({ project: dir, ...options })
  return {
    ...emulator,
    dir,
    write,
    async post(functionName, body, user = 'buyer1') {
      const response = await fetch(`${emulator.url}/client/functions/${functionName}`, {
        method: 'POST',
        headers: user === '' ? {} : { 'x-emulator-user': user },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      })
      return { status: response.status, body: Object(await response.json()) }
    },
    async [Symbol.asyncDispose]() {
      await emulator.stop()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
