/** Security rules and indexes are put in force as their files are saved, like the code of the functions. */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Log } from '../core/log.ts'
import type { Module } from '../core/module.ts'
import { type Project, ProjectError, type ProjectRules } from '../project/index.ts'
import { assertRules, RuleError } from '../rules/index.ts'

const LOOK_EVERY_MS = 500
/** What is read at the start only. */
const SETTINGS = ['cloudbaserc.json', 'project.config.json']

export interface RuleFileDeps {
  project: Project
  log: Log
  /** Other rules are in force from here on. */
  onChange(): void
  /** Makes the collections and indexes that the project names now. */
  ensureProject(): Promise<void>
}

export function followRuleFiles({ project, log, onChange, ensureProject }: RuleFileDeps): Module {
  let timer: NodeJS.Timeout | undefined
  let rules = ''
  let settings = ''

  async function look(): Promise<void> {
    const [rulesNow, settingsNow] = [marksOfRules(project), marksOf(project.dir, SETTINGS)]
    if (settingsNow !== settings)
      log.warn('project', `${SETTINGS.join(' or ')} changed: start the local cloud again to put it in force`)
    settings = settingsNow
    if (rulesNow === rules) return
    rules = rulesNow
    try {
      const given = project.readRules()
      assertProjectRules(given)
      Object.assign(project, given)
      onChange()
      await ensureProject()
      log.info('rules', 'security rules and indexes changed: put in force')
    } catch (error) {
      const words = error instanceof Error ? error.message : error
      log.error('rules', `the changed rules are not in force, those before still are: ${words}`)
    }
  }

  return {
    name: 'rule-files',
    async start() {
      rules = marksOfRules(project)
      settings = marksOf(project.dir, SETTINGS)
      timer = setInterval(() => void look(), LOOK_EVERY_MS)
      timer.unref()
    },
    async stop() {
      clearInterval(timer)
    },
  }
}

/** Throws ProjectError with everything that is wrong. */
export function assertProjectRules({ collections, storageRule, functionRule }: ProjectRules): void {
  try {
    assertRules({ collections, storage: storageRule, functions: functionRule })
  } catch (error) {
    throw error instanceof RuleError ? new ProjectError(error.message) : error
  }
}

function marksOfRules({ dir, rulesDir }: Project): string {
  return (
    marksOf(rulesDir, ruleFilesIn(rulesDir)) + marksOf(dir, ['storage-rules.json', 'function-rules.json'])
  )
}

function ruleFilesIn(rulesDir: string): string[] {
  try {
    return readdirSync(rulesDir).filter((name) => name.endsWith('.json'))
  } catch {
    return [] // a project without rules
  }
}

/** Text that changes when one of the files does. */
function marksOf(dir: string, names: string[]): string {
  return names
    .map((name) => {
      const stat = statSync(join(dir, name), { throwIfNoEntry: false })
      return stat ? `${name} ${stat.size} ${stat.mtimeMs}\n` : ''
    })
    .join('')
}
