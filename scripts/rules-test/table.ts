/** A table of what clients may do to one collection, `test/rules/<collection>.json`, or to files, `storage-rules.json`. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { EJSON } from 'bson'
import * as z from 'zod'
import presetTables from './presets.json' with { type: 'json' }

export const operations = ['read', 'create', 'update', 'remove', 'readFile', 'writeFile'] as const

const doc = z.record(z.string(), z.unknown())
/** An id means `doc(id)`, an object `where(…)`. */
const query = z.union([z.string(), z.number(), doc])

const file = z.strictObject({ path: z.string(), openid: z.string().optional() })

const row = z
  .strictObject({
    as: z.string(),
    read: query.optional(),
    create: doc.optional(),
    update: query.optional(),
    /** Of `update`: operators such as `{ "$set": … }`, or a whole document. */
    change: doc.optional(),
    remove: query.optional(),
    readFile: file.optional(),
    /** Uploads, replaces or removes; `openid` is the owner of the file that lies there, absent for a new one. */
    writeFile: file.optional(),
    allowed: z.boolean(),
    /** The query that runs then, when the row is about it. */
    runs: doc.optional(),
    nowMs: z.int().optional(),
  })
  .refine(
    (given) => operations.filter((operation) => given[operation] !== undefined).length === 1,
    `expected exactly one of ${operations.join(', ')}`,
  )
  .refine(
    ({ update, change }) => (update === undefined) === (change === undefined),
    'update and change belong together',
  )

const client = z.strictObject({
  openid: z.string().optional(),
  uid: z.string().optional(),
  loginType: z.enum(['ANONYMOUS', 'CUSTOM', 'USERNAME']).optional(),
})

const table = z.strictObject({
  /** Further clients, by name. */
  clients: z.record(z.string(), client).default({}),
  /** What lies in the database, by collection. */
  documents: z.record(z.string(), z.array(doc)).default({}),
  nowMs: z.int().default(1_700_000_000_000),
  cases: z.array(row).min(1),
})

export type Table = z.output<typeof table>
export type Row = z.output<typeof row>

/** Who asks. A mini program's user has an openid, a web login a uid, nobody neither. */
export const knownClients: Table['clients'] = {
  nobody: {},
  buyer: { openid: 'buyer' },
  owner: { openid: 'owner' },
  web: { uid: 'web', loginType: 'CUSTOM' },
  anonymous: { uid: 'anonymous', loginType: 'ANONYMOUS' },
}

/** Throws with the name of the file and what is wrong in it. Extended JSON: `{ "$date": … }` is a date. */
export function readTables(dir: string): Map<string, Table> {
  if (!existsSync(dir)) return new Map()
  const files = readdirSync(dir).filter((file) => file.endsWith('.json'))
  return new Map(files.sort().map((file) => [basename(file, '.json'), readTable(join(dir, file))]))
}

/** The rows that every collection with this level must pass. */
export function presetTable(permission: keyof typeof presetTables): Table {
  return table.parse({ cases: presetTables[permission] })
}

function readTable(path: string): Table {
  let value: unknown
  try {
    value = EJSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new Error(`${path} is not JSON: ${error instanceof Error ? error.message : error}`)
  }
  const parsed = table.safeParse(value)
  if (!parsed.success) throw new Error(`${path}: ${z.prettifyError(parsed.error)}`)
  const known = { ...knownClients, ...parsed.data.clients }
  const stranger = parsed.data.cases.find(({ as }) => !Object.hasOwn(known, as))
  if (stranger) {
    throw new Error(`${path}: there is no client ${stranger.as}, only ${Object.keys(known).join(', ')}`)
  }
  return parsed.data
}
