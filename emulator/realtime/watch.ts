/** One watch of one client: how far it has been told, and what it is told next. */
import { type LogEntry, renderEvent } from './event-log.ts'
import type { LiveQuery } from './live-query.ts'
import type { Judge } from './permission.ts'
import { errorFrame, eventsFrame } from './wire.ts'

/** The connection that a watch speaks through. */
export interface Outlet {
  send(frame: string): void
  /** More is waiting to be sent than should be: come again later. */
  readonly isCongested: boolean
  /** The client can only be helped by building its watches anew. */
  fallBehind(): void
  /** What comes next is not for this client: its watch is over. */
  refuse(watch: Watch, error: unknown): void
}

/**
 * A client drops what arrives before it has taken in the answer to its request; over a connection whose frames come in
 * one piece, that is all that follows at once.
 */
const SETTLE_MS = 5
/** Events of several commits go together up to this size. */
const MAX_FRAME_BYTES = 256 * 1024

export class Watch {
  private outlet?: Outlet
  private watchId?: string
  private judge?: Judge
  private isSettling = false
  private isJudging = false
  private attachments = 0
  private sentSeq: number
  /** When its connection went; undefined while it has one. */
  detachedAtMs?: number

  /** @param offset from the numbers of the live query's changes to those that this client knows */
  constructor(
    readonly queryId: string,
    readonly live: LiveQuery,
    private readonly offset = 0,
  ) {
    this.sentSeq = live.seq
  }

  /** Number of the last event that was sent. */
  get currEvent(): number {
    return this.sentSeq + this.offset
  }

  /** All documents of now, as events. */
  initEvents(): string {
    return this.live.documents
      .map(({ id, text }) =>
        renderEvent({ dataType: 'init', queueType: 'init', docId: id, doc: text }, this.currEvent),
      )
      .join()
  }

  /** The same for a client that has a result already, which an event must replace even by an empty one. */
  initEventsAgain(): string {
    if (this.live.documents.length > 0) return this.initEvents()
    const docId = 'nothing-matches'
    const doc = JSON.stringify({ _id: docId })
    return [
      renderEvent({ dataType: 'init', queueType: 'init', docId, doc }, this.currEvent),
      renderEvent({ dataType: 'remove', queueType: 'dequeue', docId }, this.currEvent),
    ].join()
  }

  /** Goes back to the last event that the client has seen, and gives those after it; undefined if that is impossible. */
  replay(eventId: number): string | undefined {
    const entries = this.live.since(eventId - this.offset)
    if (!entries) return undefined
    this.sentSeq = this.live.seq
    return entries.map((entry) => entry.render(entry.seq + this.offset)).join()
  }

  /** @param judge asked before each event; undefined when the query says all */
  attach(outlet: Outlet, watchId: string | undefined, judge: Judge | undefined): void {
    this.attachments += 1
    this.outlet = outlet
    this.watchId = watchId
    this.judge = judge
    this.detachedAtMs = undefined
    this.isSettling = true
    setTimeout(() => {
      this.isSettling = false
      this.work()
    }, SETTLE_MS).unref()
  }

  /** @param outlet one that was left for another one is not this watch's any more */
  detach(outlet: Outlet): void {
    if (this.outlet !== outlet) return
    this.outlet = undefined
    this.detachedAtMs = Date.now()
  }

  /** Tells what there is to tell, as far as the connection takes it. */
  work(): void {
    const { live, outlet, judge } = this
    if (!outlet || this.isSettling || this.isJudging) return
    while (this.sentSeq < live.seq && !outlet.isCongested) {
      const entries = live.since(this.sentSeq)
      if (!entries) return void outlet.fallBehind()
      const batch = upToFrame(entries)
      if (judge) return void this.tellJudged(batch, outlet, judge)
      this.tell(batch, outlet)
    }
  }

  /** Only this watch waits for its judge. */
  private async tellJudged(entries: LogEntry[], outlet: Outlet, judge: Judge): Promise<void> {
    const { attachments } = this
    this.isJudging = true
    const refusal = await judge(entries.flatMap(({ shown }) => shown)).then(
      () => undefined,
      (error: unknown) => ({ error }),
    )
    this.isJudging = false
    // Another connection, or another judge, decides by itself.
    const isStill = this.outlet === outlet && this.attachments === attachments
    if (isStill && refusal) return outlet.refuse(this, refusal.error)
    if (isStill) this.tell(entries, outlet)
    this.work()
  }

  private tell(entries: LogEntry[], outlet: Outlet): void {
    const { queryId, watchId, offset } = this
    this.sentSeq = entries.at(-1)?.seq ?? this.sentSeq
    const { currEvent } = this
    const events = entries.map((entry) => entry.render(entry.seq + offset)).join()
    outlet.send(
      eventsFrame({ requestId: `event_${currEvent}`, watchId }, 'NEXT_EVENT', { queryId, currEvent, events }),
    )
  }

  /** Says nothing more. */
  end(): void {
    this.outlet = undefined
  }

  /** Ends because the result cannot be followed any more. */
  fail(error: unknown): void {
    this.outlet?.send(errorFrame({ requestId: '', watchId: this.watchId }, error))
    this.end()
  }
}

/** At least one. */
function upToFrame(entries: LogEntry[]): LogEntry[] {
  let size = 0
  const end = entries.findIndex((entry, i) => {
    size += entry.size
    return i > 0 && size > MAX_FRAME_BYTES
  })
  return end < 0 ? entries : entries.slice(0, end)
}
