/** The result of one query as clients see it, kept up to date with every commit and shared by all who watch the same. */
import { WireError } from '../core/errors.ts'
import { toClientText } from './client-text.ts'
import { type DocId, type Document, docIdOf, type StandingQuery } from './documents.ts'
import { EventLog, type LogBounds, LogEntry } from './event-log.ts'
import { eventsBetween, type Item } from './list-events.ts'
import { type CollectionChanges, mergedChanges, type NetChange } from './net-changes.ts'

export interface LiveQueryOptions {
  collection: string
  /** Undefined watches all that match. */
  limit: number | undefined
  isOrdered: boolean
  log: LogBounds
}

/** Platform manual, real-time push: more end the watch with an error. */
const MAX_WATCHED_DOCUMENTS = 5_000

export class LiveQuery {
  readonly collection: string
  private items: Item[]
  private ids: ReadonlySet<DocId>
  private seqNow = 1
  private pending: CollectionChanges[] = []
  private readonly log: EventLog

  /** Throws WireError when the collection is missing or too much matches. */
  constructor(
    /** The same for all who watch the same. */
    readonly key: string,
    private readonly standing: StandingQuery,
    private readonly options: LiveQueryOptions,
  ) {
    this.collection = options.collection
    this.log = new EventLog(options.log)
    this.items = this.read()
    this.ids = new Set(this.items.map(({ id }) => id))
  }

  /** Number of the last change. */
  get seq(): number {
    return this.seqNow
  }

  get documents(): readonly Item[] {
    return this.items
  }

  /** What came after change `seq`; undefined when it is no longer kept. */
  since(seq: number): LogEntry[] | undefined {
    return this.log.since(seq, this.seqNow)
  }

  /** What a commit did to the collection; taken in by `catchUp`. */
  note(changes: CollectionChanges): void {
    this.pending.push(changes)
  }

  /** Takes in what was committed. True when the result changed. */
  catchUp(): boolean {
    const commits = this.pending
    this.pending = []
    if (commits.length === 0) return false
    // A window is read as it is now, after all of them.
    const steps = this.options.limit === undefined ? commits : [mergedChanges(commits)]
    return steps.map((changes) => this.apply(changes)).includes(true)
  }

  private apply(changes: CollectionChanges): boolean {
    const next = this.options.limit === undefined ? this.nextOfAll(changes) : this.nextOfWindow(changes)
    return next !== undefined && this.become(next, changes)
  }

  /** Reads everything anew, after the whole database was replaced. True when the result changed. */
  refresh(): boolean {
    this.pending = []
    const next = this.read()
    const before = new Map(this.items.map(({ id, text }) => [id, text]))
    const after = new Set(next.map(({ id }) => id))
    const changes = new Map<DocId, NetChange>()
    for (const { id, text } of next) {
      const old = before.get(id)
      if (old !== text) changes.set(id, { id, kind: old === undefined ? 'add' : 'replace' })
    }
    for (const id of before.keys()) if (!after.has(id)) changes.set(id, { id, kind: 'remove' })
    return this.become(next, changes)
  }

  private become(next: Item[], changes: CollectionChanges): boolean {
    assertWatchable(next.length)
    const { events, items } = eventsBetween(this.items, next, changes, this.options.isOrdered)
    this.items = items
    this.ids = new Set(items.map(({ id }) => id))
    // The first read may have seen a commit just before it was announced: then there is nothing to tell.
    if (events.length === 0) return false
    this.seqNow += 1
    this.log.append(new LogEntry(this.seqNow, events))
    return true
  }

  /** Without a limit, a test of the changed documents says all. */
  private nextOfAll(changes: CollectionChanges): Item[] | undefined {
    const { standing, items } = this
    const changed: Item[] = []
    for (const change of changes.values()) {
      if (change.after && standing.matches(change.after)) changed.push(this.itemOf(change, change.after))
    }
    const stays = new Map(changed.map((item) => [item.id, item]))
    if (changed.length === 0 && !this.hasAnyOf(changes)) return undefined
    const next: Item[] = []
    for (const item of items) {
      const now = changes.has(item.id) ? stays.get(item.id) : item
      // A document whose place in the order may be another is put in below.
      if (!now?.orderKey.equals(item.orderKey)) continue
      next.push(now)
      stays.delete(item.id)
    }
    for (const item of stays.values()) next.splice(placeOf(item, next), 0, item)
    return next
  }

  /** Of a window, only a read can say which document comes next when one leaves. */
  private nextOfWindow(changes: CollectionChanges): Item[] | undefined {
    const isConcerned =
      this.hasAnyOf(changes) ||
      [...changes.values()].some(({ after }) => after !== undefined && this.mayEnter(after))
    return isConcerned ? this.read() : undefined
  }

  private hasAnyOf(changes: CollectionChanges): boolean {
    for (const id of changes.keys()) if (this.ids.has(id)) return true
    return false
  }

  private mayEnter(document: Document): boolean {
    const { standing, items, options } = this
    if (!standing.matches(document)) return false
    const last = items[items.length - 1]
    const isFull = items.length >= (options.limit ?? Number.POSITIVE_INFINITY)
    if (!isFull || !options.isOrdered || !last) return true
    return Buffer.compare(standing.orderKey(document), last.orderKey) <= 0
  }

  private read(): Item[] {
    const { standing, options } = this
    const documents = standing.read(
      Math.min(options.limit ?? Number.POSITIVE_INFINITY, MAX_WATCHED_DOCUMENTS + 1),
    )
    assertWatchable(documents.length)
    return documents.map((document) => ({
      id: docIdOf(document._id),
      text: toClientText(standing.encode(document)),
      orderKey: standing.orderKey(document),
    }))
  }

  private itemOf(change: NetChange, after: Document): Item {
    change.text ??= toClientText(this.standing.encode(after))
    return { id: change.id, text: change.text, orderKey: this.standing.orderKey(after) }
  }
}

/** Behind all that come before it or equal it. Without an order all are equal, and it goes to the end. */
function placeOf({ orderKey }: Item, items: readonly Item[]): number {
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >> 1
    const item = items[middle]
    if (item && Buffer.compare(item.orderKey, orderKey) <= 0) low = middle + 1
    else high = middle
  }
  return low
}

function assertWatchable(count: number): void {
  if (count <= MAX_WATCHED_DOCUMENTS) return
  throw new WireError(
    'WATCH_RECORDS_EXCEED_LIMIT',
    `a watch covers at most ${MAX_WATCHED_DOCUMENTS} records; narrow the query or set a limit`,
  )
}
