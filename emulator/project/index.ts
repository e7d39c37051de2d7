/** Reads a CloudBase project folder the way DevTools and the `tcb` CLI do; nothing in it has to be ours. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import * as z from 'zod'
import { type FunctionRule, readFunctionRule, readStorageRule, type StorageRule } from './access-rules.ts'
import { type FunctionEntry, readCloudbaserc } from './cloudbaserc.ts'
import { type CollectionRule, readDatabaseRules } from './database-rules.ts'
import { ProjectError, readJsonFile } from './json-file.ts'

export { readAppPages } from './app-pages.ts'
export type { FunctionEntry } from './cloudbaserc.ts'
export type { CollectionRule } from './database-rules.ts'
export { ProjectError } from './json-file.ts'

/** Who may do what, and the indexes; saved anew, they are put in force while the cloud runs. */
export interface ProjectRules {
  collections: CollectionRule[]
  /** Undefined without a file: the platform's default. */
  storageRule: StorageRule | undefined
  functionRule: FunctionRule | undefined
}

export interface Project extends ProjectRules {
  dir: string
  functionsDir: string
  /** Folder of the mini program's app.json. */
  miniProgramDir: string
  functions: ReadonlyMap<string, FunctionEntry>
  rulesDir: string
  /** As the files say now; throws ProjectError. */
  readRules(): ProjectRules
}

export interface ProjectOptions {
  dir: string
  /** Folder of the functions, when it is not where the project's files say. */
  functions?: string
  /** Folder of the database rules; `database-rules` of the project when absent. */
  rules?: string
  /** Environment for `{{env.X}}`, beside the project's `.env` files. */
  variables: Record<string, string | undefined>
}

const projectConfig = z.object({
  cloudfunctionRoot: z.string().optional(),
  miniprogramRoot: z.string().optional(),
})

/** Throws ProjectError, which says which file is wrong and how. */
export function readProject(options: ProjectOptions): Project {
  const dir = getFolder(options.dir, 'project')
  const cloudbaserc = readCloudbaserc(dir, options.variables)
  const devTools = readJsonFile(join(dir, 'project.config.json'), projectConfig)
  const root = devTools?.cloudfunctionRoot || cloudbaserc.functionRoot || 'cloudfunctions'
  const rulesDir =
    options.rules === undefined ? join(dir, 'database-rules') : getFolder(options.rules, 'rules')
  const readRules = () => ({
    collections: readDatabaseRules(rulesDir),
    storageRule: readStorageRule(dir),
    functionRule: readFunctionRule(dir),
  })
  return {
    dir,
    functionsDir:
      options.functions === undefined ? join(dir, root) : getFolder(options.functions, 'functions'),
    miniProgramDir: join(dir, devTools?.miniprogramRoot ?? ''),
    functions: cloudbaserc.functions,
    rulesDir,
    readRules,
    ...readRules(),
  }
}

/** A folder that somebody named; a slip of the pen must not become an empty project. */
function getFolder(given: string, what: string): string {
  const folder = resolve(given)
  if (!existsSync(folder)) throw new ProjectError(`no such ${what} folder: ${folder}`)
  return folder
}
