import { isDeepStrictEqual } from 'node:util'
import { createRules, type RuleCoverage, type Rules, type SecurityRule } from '../../emulator/rules/index.ts'
import { knownClients, type Row, type Table } from './table.ts'

type Doc = Record<string, unknown>

export interface RowResult {
  collection: string
  /** `buyer read {"status":"draft"}` */
  what: string
  expected: 'allowed' | 'refused'
  /** Undefined when it went as expected. */
  failure?: string
}

/** Asks the real rules of the local cloud, one row after the other; nothing is stored. */
export async function runTable(
  rule: SecurityRule & { name: string },
  table: Table,
): Promise<{ results: RowResult[]; coverage: RuleCoverage }> {
  let reason = ''
  let { nowMs } = table
  const rules = createRules({
    collectionRule: (name) => (name === rule.name ? rule : undefined),
    storageRule: () => undefined,
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
    const failure = await failureOf(rules, rule.name, row, table, () => reason)
    const expected = row.allowed ? 'allowed' : 'refused'
    results.push({ collection: rule.name, what: describe(row), expected, failure })
  }
  return { results, coverage: rules.coverage({ collections: [rule], storage: undefined }) }
}

async function failureOf(
  rules: Rules,
  collection: string,
  row: Row,
  table: Table,
  reason: () => string,
): Promise<string | undefined> {
  const client = { appid: 'wx-rules-test', ...{ ...knownClients, ...table.clients }[row.as] }
  let runs: Doc
  try {
    runs = await ask(rules, collection, row, client)
  } catch (error) {
    if (Object(error).code !== 'DATABASE_PERMISSION_DENIED') throw error
    return row.allowed ? `was refused: ${reason()}` : undefined
  }
  if (!row.allowed) return 'was allowed'
  if (row.runs === undefined || isDeepStrictEqual(runs, row.runs)) return undefined
  return `ran ${JSON.stringify(runs)} instead of ${JSON.stringify(row.runs)}`
}

function ask(rules: Rules, collection: string, row: Row, client: Parameters<Rules['read']>[2]): Promise<Doc> {
  if (row.create !== undefined) return rules.create(collection, row.create, client)
  if (row.read !== undefined) return rules.read(collection, toQuery(row.read), client)
  if (row.remove !== undefined) return rules.remove(collection, toQuery(row.remove), client)
  return rules.update(collection, toQuery(row.update ?? {}), row.change ?? {}, client)
}

function toQuery(asked: string | number | Doc): Doc {
  return typeof asked === 'object' ? asked : { _id: asked }
}

function describe({ as, read, create, update, change, remove }: Row): string {
  const [operation, asked] = Object.entries({ read, create, update, remove }).find(
    ([, value]) => value !== undefined,
  ) ?? ['nothing', undefined]
  return [as, operation, JSON.stringify(asked), ...(change ? ['with', JSON.stringify(change)] : [])].join(' ')
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
