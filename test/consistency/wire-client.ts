/** One client of the database over HTTP: what a server SDK sends, without the SDK's own work. */
import { Agent, request } from 'node:http'

/** No answer came, so what was asked may have happened. */
export class NoAnswer extends Error {}

/** The database's refusal. */
export class Refused extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message)
  }
}

export type Document = { _id: string } & Record<string, unknown>

export interface WireClient {
  read(collection: string, id: string, transactionId?: string): Promise<Document | undefined>
  readAll(collection: string): Promise<Document[]>
  /** `change` in update operators; false when there is no such document. */
  update(collection: string, id: string, change: object, transactionId?: string): Promise<boolean>
  add(collection: string, documents: Document[]): Promise<void>
  begin(): Promise<string>
  commit(transactionId: string): Promise<void>
  abort(transactionId: string): Promise<void>
  close(): void
}

export function connect(port: () => number): WireClient {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })

  function send(action: string, fields: object): Promise<Record<string, unknown>> {
    const body = JSON.stringify({ action: `database.${action}`, ...fields })
    return new Promise((resolve, reject) => {
      const refuse = (cause: unknown) => reject(new NoAnswer(String(cause)))
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
      const sent = request({
        agent,
        port: port(),
        host: '127.0.0.1',
        path: '/admin',
        method: 'POST',
        headers,
      })
      sent.on('error', refuse)
      sent.on('response', (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', refuse)
        response.on('end', () => {
          try {
            const reply = JSON.parse(Buffer.concat(chunks).toString())
            if (reply.code) reject(new Refused(reply.code, reply.message))
            else resolve(reply)
          } catch (error) {
            refuse(error)
          }
        })
      })
      sent.end(body)
    })
  }

  async function find(fields: object): Promise<Document[]> {
    const { data } = await send('getDocument', { queryType: 'WHERE', limit: 1000, ...fields })
    // The reply of getDocument: EJSON texts of documents, here with plain numbers only.
    return (data as { list: string[] }).list.map((text) => JSON.parse(text) as Document)
  }

  return {
    async read(collectionName, _id, transactionId) {
      const [document] = await find({ collectionName, query: JSON.stringify({ _id }), transactionId })
      return document
    },
    readAll: (collectionName) => find({ collectionName, query: '{}' }),
    async update(collectionName, _id, change, transactionId) {
      const what = { query: JSON.stringify({ _id }), data: JSON.stringify(change) }
      const how = { queryType: 'DOC', multi: false, merge: true, upsert: false }
      const { data } = await send('modifyDocument', { collectionName, transactionId, ...what, ...how })
      return (data as { updated: number }).updated === 1
    },
    async add(collectionName, documents) {
      await send('insertDocument', { collectionName, data: documents.map((each) => JSON.stringify(each)) })
    },
    begin: async () => String((await send('startTransaction', {})).transactionId),
    async commit(transactionId) {
      await send('commitTransaction', { transactionId })
    },
    async abort(transactionId) {
      await send('abortTransaction', { transactionId })
    },
    close: () => agent.destroy(),
  }
}

/** Isolation broken on purpose: reads inside a transaction look at the latest state. */
export function readingOutside(client: WireClient): WireClient {
  return { ...client, read: (collection, id) => client.read(collection, id) }
}

/** Isolation broken on purpose: there are no transactions at all. */
export function withoutTransactions(client: WireClient): WireClient {
  return {
    ...readingOutside(client),
    update: (collection, id, change) => client.update(collection, id, change),
    begin: async () => 'none',
    commit: async () => {},
    abort: async () => {},
  }
}
