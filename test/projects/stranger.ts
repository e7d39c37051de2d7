import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Emulator, type EmulatorOptions, startEmulator } from '../../emulator/index.ts'

/** Somebody's project on the local cloud, called as a mini program calls it. */
export interface Stranger extends AsyncDisposable {
  dir: string
  emulator: Emulator
  /** `wx.cloud.callFunction`, over HTTP: the whole answer. */
  call(functionName: string, event?: object, user?: string): Promise<Answer>
  /** Messages of the log at `level`, so far. */
  logged(level: 'info' | 'warn' | 'error'): string[]
}

export interface Answer {
  // biome-ignore lint/suspicious/noExplicitAny: whatever the function returned.
  result?: any
  errCode?: number
  errMsg: string
}

/** Writes the files of a project into a temporary folder, outside of this repository's node_modules. */
export function writeProject(files: Record<string, string | object>): string {
  const dir = mkdtempSync(join(tmpdir(), 'stranger-'))
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true })
    writeFileSync(join(dir, path), typeof content === 'string' ? content : JSON.stringify(content, null, 2))
  }
  return dir
}

/** `npm install` of one package, as far as a program can see: `alias` is what this repository calls that version. */
export function installPackage(folder: string, name: string, alias = name): void {
  const link = join(folder, 'node_modules', name)
  mkdirSync(dirname(link), { recursive: true })
  symlinkSync(fileURLToPath(new URL(`../../node_modules/${alias}`, import.meta.url)), link, 'dir')
}

/** Starts the project in `dir`, which is removed in the end. */
export async function startStranger(dir: string, options: EmulatorOptions = {}): Promise<Stranger> {
  const lines: { level: string; message: string }[] = []
  const emulator = await startEmulator({
    project: dir,
    ...options,
    onLog: (log) => log.subscribe((line) => lines.push(line)),
  })
  return {
    dir,
    emulator,
    async call(functionName, event = {}, user = 'buyer1') {
      const response = await fetch(`${emulator.url}/client/functions/${functionName}`, {
        method: 'POST',
        headers: { 'x-emulator-user': user },
        body: JSON.stringify(event),
      })
      return (await response.json()) as Answer // our own gateway's
    },
    logged: (level) => lines.filter((line) => line.level === level).map(({ message }) => message),
    async [Symbol.asyncDispose]() {
      await emulator.stop()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** A copy of a fixture project with what its functions' package.json files ask for. */
export function copyProject(name: string): string {
  const dir = mkdtempSync(join(tmpdir(), `${name}-`))
  cpSync(fileURLToPath(new URL(`./${name}`, import.meta.url)), dir, { recursive: true })
  for (const path of readdirSync(dir, { recursive: true, encoding: 'utf8' })) {
    if (basename(path) !== 'package.json') continue
    const { dependencies = {} } = JSON.parse(readFileSync(join(dir, path), 'utf8'))
    for (const [dependency, version] of Object.entries(dependencies)) {
      installPackage(dirname(join(dir, path)), dependency, aliasOf(dependency, String(version)))
    }
  }
  return dir
}

/** `~2.6.3` of wx-server-sdk is installed in this repository as `wx-server-sdk-2.6`; other packages once. */
function aliasOf(name: string, version: string): string {
  const [minor] = /\d+\.\d+/.exec(version) ?? []
  return name === 'wx-server-sdk' && minor !== undefined && !minor.startsWith('4.')
    ? `${name}-${minor}`
    : name
}
