import { isDeepStrictEqual } from 'node:util'
import { createRules, type RuleCoverage, type Rules, type SecurityRule } from '../../emulator/rules/index.ts'
import { knownClients, operations, type Row, type Table } from './table.ts'

type Doc = Record<string, unknown>

/** What a table is about: a collection by its name, or the storage. */
export interface Subject {
  name: string
  kind: 'collection' | 'storage'
  rule: SecurityRule
}

export interface RowResult {
  /** A collection, or `storage-rules`. */
  subject: string
  /** `buyer read {"status":"draft"}` */
  what: string
  expected: 'allowed' | 'refused'
  /** Undefined when it went as expected. */
  failure?: string
}

/** Asks the real rules of the local cloud, one row after the other; nothing is stored. */
export async function runTable(
  { name: subject, kind, rule }: Subject,
  table: Table,
): Promise<{ results: RowResult[]; coverage: RuleCoverage }> {
  let reason = ''
  let { nowMs } = table
  const rules = createRules({
    collectionRule: (name) => (kind === 'collection' && name === subject ? rule : undefined),
    storageRule: () => (kind === 'storage' ? rule : undefined),
    functionRule: () => undefined,
    async getDocument(collection, id) {
      return table.documents[collection]?.find(({ _id }) => _id === id)
    },
    nowMs: () => nowMs,
    log: logOfLast((message) => {
      reason = message
    }),
  })
  const results: RowResult[] = []
  for (const row of table.cases) {
    reason = ''
    nowMs = row.nowMs ?? table.nowMs
    const failure = await failureOf(rules, subject, row, table, () => reason)
    const expected = row.allowed ? 'allowed' : 'refused'
    results.push({ subject, what: describe(row), expected, failure })
  }
  return {
    results,
    coverage: rules.coverage({
      collections: kind === 'collection' ? [{ ...rule, name: subject }] : [],
      storage: kind === 'storage' ? rule : undefined,
    }),
  }
}

async function failureOf(
  rules: Rules,
  collection: string,
  row: Row,
  table: Table,
  reason: () => string,
): Promise<string | undefined> {
  const client = { appid: 'wx-rules-test', ...{ ...knownClients, ...table.clients }[row.as] }
  let runs: Doc | undefined
  try {
    runs = await ask(rules, collection, row, client)
  } catch (error) {
    if (!refusals.includes(Object(error).code)) throw error
    return row.allowed ? `was refused: ${reason()}` : undefined
  }
  if (!row.allowed) return 'was allowed'
  if (row.runs === undefined || isDeepStrictEqual(runs, row.runs)) return undefined
  return `ran ${JSON.stringify(runs)} instead of ${JSON.stringify(row.runs)}`
}

const refusals: unknown[] = ['DATABASE_PERMISSION_DENIED', 'STORAGE_EXCEED_AUTHORITY']

/** Gives the query that would run, or the document that would be stored. */
async function ask(
  rules: Rules,
  collection: string,
  { read, create, update, change, remove, readFile, writeFile }: Row,
  client: Parameters<Rules['read']>[2],
): Promise<Doc | undefined> {
  if (readFile) await rules.readFile(readFile, client)
  if (writeFile) {
    await rules.writeFile(writeFile.path, writeFile.openid === undefined ? undefined : writeFile, client)
  }
  if (create !== undefined) return rules.create(collection, create, client)
  if (read !== undefined) return rules.read(collection, toQuery(read), client)
  if (remove !== undefined) return rules.remove(collection, toQuery(remove), client)
  if (update !== undefined) return rules.update(collection, toQuery(update), change ?? {}, client)
  return undefined
}

function toQuery(asked: string | number | Doc): Doc {
  return typeof asked === 'object' ? asked : { _id: asked }
}

function describe(row: Row): string {
  const { as, change } = row
  const asked = operations.flatMap((operation) =>
    row[operation] === undefined ? [] : [operation, JSON.stringify(row[operation])],
  )
  return [as, ...asked, ...(change ? ['with', JSON.stringify(change)] : [])].join(' ')
}

/** Of a refusal, the rules tell only the log why. */
function logOfLast(onWarning: (message: string) => void): Parameters<typeof createRules>[0]['log'] {
  const quiet = () => {}
  return {
    debug: quiet,
    info: quiet,
    warn: (_, message) => onWarning(message),
    error: quiet,
    recent: () => [],
    subscribe: () => quiet,
  }
}
