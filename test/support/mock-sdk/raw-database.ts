import { randomUUID } from 'node:crypto'
import { Db } from '@cloudbase/database'
import { mock } from './control.ts'
import { replyOrThrow } from './errors.ts'

/**
 * The real `Db` of `@cloudbase/database`, as node-sdk makes it (`database/index.ts` newDb), with requests that go to
 * the database engine in this process. Encoding, decoding and local validation are the package's own.
 */
export function newRawDatabase(config: Record<string, unknown>): Db {
  Db.reqClass = InProcessRequest
  return new Db({ ...config })
}

/** In place of node-sdk's `TcbDBApiHttpRequester`; its options (a timeout) mean nothing without a network. */
class InProcessRequest {
  async send(action: string, fields: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
    const invocation = mock.invocation()
    if (invocation) invocation.databaseCalls += 1
    // The wire is JSON text: it drops what is undefined, and no object is shared across it.
    const body: Record<string, unknown> = JSON.parse(JSON.stringify({ ...fields, action }))
    const reply = await mock.cloud().askDatabase(action, body, invocation)
    return replyOrThrow({ ...reply, requestId: randomUUID() })
  }
}
