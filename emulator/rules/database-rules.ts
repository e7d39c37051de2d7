/** May this client do this to this collection, and what does its request become? */
import { WireError } from '../core/errors.ts'
import type { Client } from '../core/identity.ts'
import type { Log } from '../core/log.ts'
import { fillTemplates, ownerId } from './caller.ts'
import type { Judge } from './judge.ts'
import type { DocumentView } from './operand.ts'
import { branchesOf } from './query/branches.ts'
import { documentsOf } from './query/implied.ts'
import { knownDocument } from './query/known-document.ts'
import { changedFields, isReplacement, requestData } from './request-data.ts'
import { presets, type SecurityRule } from './security-rule.ts'
import { isPlain } from './values.ts'

export type Doc = Record<string, unknown>

export interface DatabaseRules {
  read(collection: string, query: Doc, client: Client): Promise<Doc>
  /**
   * For a watch that `read` allowed: judges what it finds later. Undefined when the query itself proves the rule of all
   * that it will ever find.
   */
  laterReads(collection: string, query: Doc, client: Client): ((found: Doc[]) => Promise<void>) | undefined
  create(collection: string, document: Doc, client: Client): Promise<Doc>
  update(collection: string, query: Doc, change: Doc, client: Client): Promise<Doc>
  remove(collection: string, query: Doc, client: Client): Promise<Doc>
}

export interface DatabaseRulesDeps {
  judge: Judge
  collectionRule(name: string): SecurityRule | undefined
  getDocument(collection: string, id: string | number): Promise<Doc | undefined>
  log: Log
}

/** What the console gives a new collection of a mini program: only its creator reads and writes a document. */
const defaultRule: SecurityRule = { permission: 'PRIVATE' }

type Operation = 'read' | 'create' | 'update' | 'delete'

export function createDatabaseRules({
  judge,
  collectionRule,
  getDocument,
  log,
}: DatabaseRulesDeps): DatabaseRules {
  return {
    async read(collection, query, client) {
      const asked = fillTemplates(query, client)
      const { permission } = ruleOf(collection)
      if (permission !== 'CUSTOM') return presetQuery(collection, 'read', asked, client)
      await judgeQuery(collection, 'read', asked, client)
      return asked
    },

    laterReads(collection, query, client) {
      const asked = fillTemplates(query, client)
      const rule = ruleOf(collection)
      if (rule.permission !== 'CUSTOM') return undefined
      if (onlyId(asked) !== undefined) {
        return async (found) => {
          for (const document of found) await judgeDocument(collection, 'read', document, undefined, client)
        }
      }
      const question = { rule, operation: 'read', source: sourceOf(collection), kind: 'database' } as const
      return judge.readsOthers(question) ? () => judgeQuery(collection, 'read', asked, client) : undefined
    },

    async create(collection, document, client) {
      refuseOwner(collection, 'create', new Set(Object.keys(document)), client)
      const owner = ownerId(client)
      const filled = fillTemplates(document, client)
      const stamped = owner === undefined ? filled : { ...filled, _openid: owner }
      const { permission } = ruleOf(collection)
      if (permission === 'CUSTOM') {
        await judgeDocument(collection, 'create', stamped, filled, client)
      } else if (presets[permission].write === 'none' || owner === undefined) {
        throw refused(collection, 'create', client, whyPreset(collection, owner))
      }
      return stamped
    },

    async update(collection, query, change, client) {
      refuseOwner(collection, 'update', changedFields(change), client)
      const asked = fillTemplates(query, client)
      const filled = fillTemplates(change, client)
      const { permission } = ruleOf(collection)
      if (permission !== 'CUSTOM') return presetQuery(collection, 'update', asked, client)
      await judgeUpdate(collection, asked, filled, client)
      return asked
    },

    async remove(collection, query, client) {
      const asked = fillTemplates(query, client)
      const { permission } = ruleOf(collection)
      if (permission !== 'CUSTOM') return presetQuery(collection, 'delete', asked, client)
      await judgeQuery(collection, 'delete', asked, client)
      return asked
    },
  }

  function ruleOf(collection: string): SecurityRule {
    return collectionRule(collection) ?? defaultRule
  }

  /** A preset filters: others' documents are not refused, they are not found. */
  function presetQuery(collection: string, operation: Operation, query: Doc, client: Client): Doc {
    const { permission } = ruleOf(collection)
    const reach =
      permission === 'CUSTOM' ? 'none' : presets[permission][operation === 'read' ? 'read' : 'write']
    const owner = ownerId(client)
    if (reach === 'all') return query
    if (reach === 'none' || owner === undefined) {
      throw refused(collection, operation, client, whyPreset(collection, owner))
    }
    return Object.hasOwn(query, '_openid')
      ? { $and: [query, { _openid: owner }] }
      : { ...query, _openid: owner }
  }

  function whyPreset(collection: string, owner: string | undefined): string {
    const { permission } = ruleOf(collection)
    const given = `${sourceOf(collection)}${collectionRule(collection) ? '' : ' does not exist, so it'} is ${permission}`
    return owner === undefined ? `${given}, and nobody has logged in` : given
  }

  async function judgeUpdate(collection: string, query: Doc, change: Doc, client: Client): Promise<void> {
    const id = onlyId(query)
    const existing = id === undefined ? undefined : await getDocument(collection, id)
    if (id !== undefined && existing === undefined && isReplacement(change)) {
      // A set() of what is not there makes it.
      return judgeDocument(
        collection,
        'create',
        { _id: id, ...change, _openid: ownerId(client) },
        change,
        client,
      )
    }
    const data = requestData(change, existing)
    if (id !== undefined) return judgeDocument(collection, 'update', existing ?? { _id: id }, data, client)
    if (isReplacement(change)) {
      throw refused(collection, 'update', client, 'a whole document is replaced by its id only')
    }
    return judgeQuery(collection, 'update', query, client, data)
  }

  /**
   * By id, the document is read and the rule evaluated on it (manual "database security rules", remark on operations by
   * id); by anything else, the query must imply the rule.
   */
  function judgeQuery(
    collection: string,
    operation: Operation,
    query: Doc,
    client: Client,
    data?: Doc,
  ): Promise<void> {
    return judgeViews(collection, operation, client, data, async () => {
      const id = onlyId(query)
      if (id !== undefined) return [knownDocument((await getDocument(collection, id)) ?? { _id: id })]
      const branches = branchesOf(query)
      if (branches) return branches.map(documentsOf)
      throw refused(
        collection,
        operation,
        client,
        'the query has too many alternatives or conditions to be judged',
      )
    })
  }

  function judgeDocument(
    collection: string,
    operation: Operation,
    document: Doc,
    data: Doc | undefined,
    client: Client,
  ): Promise<void> {
    return judgeViews(collection, operation, client, data, async () => [knownDocument(document)])
  }

  async function judgeViews(
    collection: string,
    operation: Operation,
    client: Client,
    data: Doc | undefined,
    views: () => Promise<DocumentView[]>,
  ): Promise<void> {
    const reason = await judge.refusal({
      rule: ruleOf(collection),
      operation,
      source: sourceOf(collection),
      kind: 'database',
      views,
      client,
      names: { request: { data } },
    })
    if (reason !== undefined) throw refused(collection, operation, client, reason)
  }

  /** Who owns a document is not for clients to say. */
  function refuseOwner(collection: string, operation: Operation, fields: Set<string>, client: Client): void {
    if (fields.has('_openid')) {
      throw refused(collection, operation, client, 'a client may not write _openid: the cloud does')
    }
  }

  function refused(collection: string, operation: Operation, client: Client, reason: string): WireError {
    log.warn('rules', `${operation} of ${collection} refused: ${reason}`, {
      collection,
      operation,
      caller: ownerId(client) ?? 'nobody',
    })
    return new WireError('DATABASE_PERMISSION_DENIED', 'database permission denied')
  }
}

export const sourceOf = (collection: string): string => `database-rules/${collection}.json`

/** The id of a query that `doc(id)` makes: it names one document and says nothing else. */
function onlyId(query: Doc): string | number | undefined {
  const [key, ...others] = Object.keys(query)
  if (key !== '_id' || others.length > 0) return undefined
  const given = query._id
  const id = isPlain(given) && Object.keys(given).length === 1 ? given.$eq : given
  return typeof id === 'string' || typeof id === 'number' ? id : undefined
}
