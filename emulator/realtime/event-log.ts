/** The latest events of a live query, kept for clients that come back after their connection broke. */
import type { ListEvent } from './list-events.ts'

export interface LogBounds {
  maxEntries: number
  maxBytes: number
}

/** What one commit did to a result; its events reach the client together. */
export class LogEntry {
  readonly size: number
  private rendered?: { id: number; text: string }

  constructor(
    readonly seq: number,
    private readonly events: readonly ListEvent[],
  ) {
    this.size = events.reduce((sum, { doc }) => sum + (doc?.length ?? 0) + EVENT_OVERHEAD_BYTES, 0)
  }

  /** The documents that a client comes to see by it; one that leaves has been seen before. */
  get shown(): string[] {
    return this.events.flatMap(({ queueType, doc }) =>
      queueType === 'dequeue' || doc === undefined ? [] : [doc],
    )
  }

  /** The JSON texts of the events, comma between; made once for all clients that count alike. */
  render(id: number): string {
    if (this.rendered?.id !== id) {
      this.rendered = { id, text: this.events.map((event) => renderEvent(event, id)).join() }
    }
    return this.rendered.text
  }
}

const EVENT_OVERHEAD_BYTES = 120

export class EventLog {
  private readonly entries: LogEntry[] = []
  private bytes = 0

  constructor(private readonly bounds: LogBounds) {}

  append(entry: LogEntry): void {
    this.entries.push(entry)
    this.bytes += entry.size
    const { maxEntries, maxBytes } = this.bounds
    while (this.entries.length > maxEntries || (this.bytes > maxBytes && this.entries.length > 1)) {
      this.bytes -= this.entries.shift()?.size ?? 0
    }
  }

  /** What came after `seq`, when `lastSeq` is the latest; undefined when some of it is no longer kept. */
  since(seq: number, lastSeq: number): LogEntry[] | undefined {
    const missing = lastSeq - seq
    if (missing < 0 || missing > this.entries.length) return undefined
    return this.entries.slice(this.entries.length - missing)
  }
}

/**
 * The form that the client reads. `removedFields` must begin in lower case: the client looks for both spellings and
 * then parses this one (@cloudbase/database `virtual-websocket-client.ts`, `getPublicEvent`).
 */
export function renderEvent({ dataType, queueType, docId, doc = '', fields }: ListEvent, id: number): string {
  return JSON.stringify({
    ID: id,
    DataType: dataType,
    QueueType: queueType,
    DocID: docId,
    Doc: doc,
    ...(fields && {
      UpdatedFields: JSON.stringify(fields.updated),
      removedFields: JSON.stringify(fields.removed),
    }),
  })
}
