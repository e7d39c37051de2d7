/** Decides by one rule: evaluates it on all that a request can reach, counts what was reached, and says why not. */
import { WireError } from '../core/errors.ts'
import type { Client } from '../core/identity.ts'
import { authOf } from './caller.ts'
import type { Counters } from './coverage.ts'
import { type Decision, evaluate, RuleFailure } from './evaluate.ts'
import { explain } from './explain.ts'
import type { RuleKind } from './language/compile.ts'
import type { DocumentView } from './operand.ts'
import type { RuleBook } from './rule-book.ts'
import type { SecurityRule } from './security-rule.ts'

/** Manual "system functions": documents that one expression may read by get(). */
const MAX_DOCUMENTS = 10

export interface Question {
  rule: SecurityRule
  operation: string
  /** The file with the rule, for the log. */
  source: string
  kind: RuleKind
  /** Each must be allowed. Asked for only when the rule reads `doc`. */
  views(): Promise<DocumentView[]>
  client: Client
  /** What the rule knows beside `auth` and `now`. */
  names: Record<string, unknown>
}

export interface Judge {
  /** Undefined when it is allowed, else why not; for the log. */
  refusal(question: Question): Promise<string | undefined>
  /** Whether the answer may become another one though the documents in question stay as they are. */
  readsOthers(question: Pick<Question, 'rule' | 'operation' | 'source' | 'kind'>): boolean
}

export interface JudgeDeps {
  book: RuleBook
  counters: Counters
  getDocument(collection: string, id: string | number): Promise<Record<string, unknown> | undefined>
  nowMs(): number
}

export function createJudge({ book, counters, getDocument, nowMs }: JudgeDeps): Judge {
  return {
    readsOthers: ({ rule, operation, source, kind }) =>
      book.find(rule, operation, source, kind).expression.readsOthers,

    async refusal({ rule, operation, source, kind, views, client, names }) {
      const { key, expression } = book.find(rule, operation, source, kind)
      const read = documentReader()
      const scope = { names: { auth: authOf(client), now: nowMs(), ...names }, getDocument: read }
      const decisions: Decision[] = []
      for (const doc of expression.readsDocument ? await views() : [noDocument]) {
        const decision = await evaluate(expression, { ...scope, doc })
        decisions.push(decision)
        if (!decision.allowed) break
      }
      counters.count(source, key, expression, decisions)
      const last = decisions.at(-1)
      if (last?.allowed) return undefined
      return `rule.${key} of ${source}: ${last ? explain(expression, last) : 'nothing to judge'}`
    },
  }

  /** Reads each document once for a request. */
  function documentReader(): (collection: string, id: string) => Promise<unknown> {
    const read = new Map<string, Promise<unknown>>()
    return (collection, id) => {
      const key = `${collection}.${id}`
      const known = read.get(key)
      if (known) return known
      if (read.size === MAX_DOCUMENTS) {
        throw new RuleFailure(`get() may read at most ${MAX_DOCUMENTS} documents for one request`)
      }
      const reading = findDocument(collection, id)
      read.set(key, reading)
      return reading
    }
  }

  /** In a path an id is always text; a number is tried where no document has the text. */
  async function findDocument(collection: string, id: string): Promise<unknown> {
    try {
      const found = await getDocument(collection, id)
      return found === undefined && /^\d{1,15}$/.test(id) ? await getDocument(collection, Number(id)) : found
    } catch (error) {
      // Such as a collection that does not exist: the mistake is the rule's, and no answer to the client's request.
      if (error instanceof WireError)
        throw new RuleFailure(`get() of ${collection}.${id} failed: ${error.message}`)
      throw error
    }
  }
}

const noDocument: DocumentView = {
  whole: { kind: 'untold' },
  pinned: () => undefined,
  compare: () => undefined,
  holds: () => undefined,
}
