/** Security rules: pure decisions about what a client may do. They read nothing but the documents that rules ask for. */
import type { Client } from '../core/identity.ts'
import type { Log } from '../core/log.ts'
import { createCounters, type RuleCoverage } from './coverage.ts'
import { createDatabaseRules, type Doc, sourceOf } from './database-rules.ts'
import { createFunctionRules, type FunctionRule, functionRuleProblems } from './function-rules.ts'
import { createJudge } from './judge.ts'
import type { RuleKind } from './language/compile.ts'
import { createRuleBook, problemsOf, RuleError } from './rule-book.ts'
import type { SecurityRule } from './security-rule.ts'
import { createStorageRules, STORAGE_SOURCE, type StoredFile } from './storage-rules.ts'

export { fillTemplates, ownerId } from './caller.ts'
export type { RuleCoverage } from './coverage.ts'
export type { FunctionRule } from './function-rules.ts'
export { toLcov } from './lcov.ts'
export { RuleError } from './rule-book.ts'
export type { SecurityRule } from './security-rule.ts'
export type { StoredFile } from './storage-rules.ts'

/**
 * All reject with WireError: DATABASE_PERMISSION_DENIED, STORAGE_EXCEED_AUTHORITY, PERMISSION_DENIED (functions). The
 * log names the rule, the part of it that did not hold and the values; the client is not told.
 */
export interface Rules {
  /** Gives the query to run: templates filled, a preset's filter added. Queries are decoded MongoDB documents. */
  read(collection: string, query: Doc, client: Client): Promise<Doc>
  /**
   * For a watch that `read` allowed: judges what it finds later. Undefined when the query itself proves the rule of all
   * that it will ever find.
   */
  laterReads(collection: string, query: Doc, client: Client): ((found: Doc[]) => Promise<void>) | undefined
  /** Gives the document to store: templates filled, `_openid` stamped. Refuses a client's own `_openid`. */
  create(collection: string, document: Doc, client: Client): Promise<Doc>
  /** Gives the query to run. `change` holds update operators or a whole document; fill its templates before storing. */
  update(collection: string, query: Doc, change: Doc, client: Client): Promise<Doc>
  remove(collection: string, query: Doc, client: Client): Promise<Doc>
  readFile(file: StoredFile, client: Client): Promise<void>
  /** @param existing the file that lies at `path` now; undefined when there is none */
  writeFile(path: string, existing: StoredFile | undefined, client: Client): Promise<void>
  /** @param client undefined when nobody has logged in */
  invokeFunction(name: string, client: Client | undefined): void
  /** How often each part of each rule was true or not; `files` names the rules that nobody may have asked yet. */
  coverage(files?: Pick<RuleFiles, 'collections' | 'storage'>): RuleCoverage
}

export interface RulesDeps {
  /** Undefined for a collection without a rules file: only the creator reads and writes a document. */
  collectionRule(name: string): SecurityRule | undefined
  /** Undefined is the platform's default: all read, the creator writes. */
  storageRule(): SecurityRule | undefined
  /** Undefined is the platform's default: who has logged in. */
  functionRule(): FunctionRule | undefined
  /** One document; each call is a billed read. */
  getDocument(collection: string, id: string | number): Promise<Doc | undefined>
  nowMs(): number
  log: Log
}

export function createRules(deps: RulesDeps): Rules {
  const counters = createCounters()
  const book = createRuleBook()
  const judge = createJudge({ ...deps, counters, book })
  return {
    ...createDatabaseRules({ ...deps, judge }),
    ...createStorageRules({ ...deps, judge }),
    ...createFunctionRules(deps),
    coverage(files) {
      for (const rule of files?.collections ?? []) addUnasked(rule, sourceOf(rule.name), 'database')
      if (files?.storage) addUnasked(files.storage, STORAGE_SOURCE, 'storage')
      return counters.coverage()
    },
  }

  function addUnasked(rule: SecurityRule, source: string, kind: RuleKind): void {
    if (rule.permission !== 'CUSTOM') return
    for (const operation of Object.keys(rule.rule ?? {})) {
      counters.add(source, operation, book.find(rule, operation, source, kind).expression)
    }
  }
}

/** All rules of a project, as its files say them. */
export interface RuleFiles {
  collections: readonly (SecurityRule & { name: string })[]
  storage: SecurityRule | undefined
  functions: FunctionRule | undefined
}

/** At start, before anybody is refused by a slip of the pen; throws RuleError with everything that is wrong. */
export function assertRules({ collections, storage, functions }: RuleFiles): void {
  const problems = [
    ...collections.flatMap((rule) => problemsOf(rule, sourceOf(rule.name), 'database')),
    ...(storage ? problemsOf(storage, STORAGE_SOURCE, 'storage') : []),
    ...(functions ? functionRuleProblems(functions) : []),
  ]
  if (problems.length > 0) throw new RuleError(problems.join('\n'))
}
