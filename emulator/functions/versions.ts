/** Published versions: copies of a function's code and settings that no longer change, kept with the data. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { cp, rename, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import type { FunctionDefinition } from './catalogue.ts'

/** The code in the functions' folder, which goes on changing. */
export const LATEST = '$LATEST'

export interface VersionInfo {
  version: string
  description: string
  publishedAtMs: number
}

export interface Versions {
  /** Copies the function as it is now; numbers grow from 1. */
  publish(definition: FunctionDefinition, description: string): Promise<VersionInfo>
  /** In order of publication. */
  list(functionName: string): VersionInfo[]
  find(functionName: string, version: string): FunctionDefinition | undefined
  stop(): void
}

/** What `version.json` beside the copied code holds. */
interface Stored extends VersionInfo {
  definition: FunctionDefinition
}

const CODE = 'code'
const versionNumber = /^[1-9]\d{0,8}$/

/**
 * @param dir folder of all versions: `<dir>/<function>/<number>/{version.json,code/}`; a temporary one when absent.
 */
export function createVersions(dir: string | undefined, nowMs: () => number): Versions {
  let temporary: string | undefined
  const known = new Map<string, Stored>()
  let publishing: Promise<unknown> = Promise.resolve()

  function folder(): string {
    if (dir !== undefined) return dir
    temporary ??= mkdtempSync(join(tmpdir(), 'versions-'))
    return temporary
  }

  const folderOf = (functionName: string) => join(folder(), functionName)

  function numbersOf(functionName: string): number[] {
    if (dir === undefined && temporary === undefined) return []
    const all = folderOf(functionName)
    if (!existsSync(all)) return []
    return readdirSync(all)
      .filter((name) => versionNumber.test(name))
      .map(Number)
      .sort((a, b) => a - b)
  }

  async function copy(definition: FunctionDefinition, description: string): Promise<VersionInfo> {
    const { name } = definition
    const version = String((numbersOf(name).at(-1) ?? 0) + 1)
    const target = join(folderOf(name), version)
    // Under its number only when it is complete: a stop half-way leaves a draft that the next one replaces.
    const draft = join(folderOf(name), 'draft')
    rmSync(draft, { recursive: true, force: true })
    mkdirSync(draft, { recursive: true })
    await cp(definition.dir, join(draft, CODE), { recursive: true })
    linkSharedModules(definition.dir, draft)
    const info = { version, description, publishedAtMs: nowMs() }
    const entry = relative(definition.dir, definition.entry)
    const stored: Stored = { ...info, definition: { ...definition, entry, trigger: undefined } }
    // Variables may be secrets.
    await writeFile(join(draft, 'version.json'), JSON.stringify(stored), { mode: 0o600 })
    await rename(draft, target)
    return info
  }

  function read(functionName: string, version: string): Stored | undefined {
    const key = `${functionName}/${version}`
    const before = known.get(key)
    if (before) return before
    if (!versionNumber.test(version) || !numbersOf(functionName).includes(Number(version))) return undefined
    const home = join(folderOf(functionName), version)
    // Written by `copy`, and renamed into place only when whole.
    const { definition, ...info } = JSON.parse(readFileSync(join(home, 'version.json'), 'utf8')) as Stored
    const code = join(home, CODE)
    const stored: Stored = {
      ...info,
      definition: {
        ...definition,
        dir: code,
        entry: join(code, definition.entry),
        fingerprint: `version ${version}`,
      },
    }
    known.set(key, stored)
    return stored
  }

  return {
    publish(definition, description) {
      const published = publishing.then(() => copy(definition, description))
      publishing = published.catch(() => undefined)
      return published
    },
    list: (functionName) =>
      numbersOf(functionName).flatMap((number) => {
        const stored = read(functionName, String(number))
        if (!stored) return []
        const { version, description, publishedAtMs } = stored
        return [{ version, description, publishedAtMs }]
      }),
    find: (functionName, version) => read(functionName, version)?.definition,
    stop() {
      if (temporary !== undefined) rmSync(temporary, { recursive: true, force: true })
    },
  }
}

/** Packages that the function shares with its neighbours (`cloudfunctions/node_modules`, the project's) stay shared. */
function linkSharedModules(functionDir: string, versionDir: string): void {
  for (let dir = dirname(functionDir); dir !== dirname(dir); dir = dirname(dir)) {
    const modules = join(dir, 'node_modules')
    if (!existsSync(modules)) continue
    symlinkSync(modules, join(versionDir, 'node_modules'), 'junction')
    return
  }
}
