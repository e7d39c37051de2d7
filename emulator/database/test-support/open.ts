/** A database for a test, and short forms of the wire's actions. */
import { createClock } from '../../core/clock.ts'
import { createIds } from '../../core/ids.ts'
import { createLog } from '../../core/log.ts'
import { stringify } from '../ejson.ts'
import { createDatabase, type DatabaseDeps } from '../index.ts'

export function openDatabase(overrides: Partial<DatabaseDeps> = {}) {
  const clock = createClock('manual', Date.UTC(2025, 0, 1))
  const log = createLog(clock.nowMs)
  const database = createDatabase({ dir: undefined, clock, ids: createIds('test'), log, ...overrides })
  return { database, clock, log, ...actionsOf(database) }
}

type Body = Record<string, unknown>
/** Values as a test writes them; encoded on the way. */
type Plain = Parameters<typeof stringify>[0]

function actionsOf(database: ReturnType<typeof createDatabase>) {
  const data = async (action: string, body: Body, invocationId?: string): Promise<Body> => {
    const reply = await database.handle(`database.${action}`, body, { invocationId })
    // Every action but the start of a transaction answers with an object under `data`.
    return reply.data as Body
  }
  const text = (value: Plain | undefined) => (value === undefined ? undefined : stringify(value))
  return {
    add: (collectionName: string, documents: Plain[], more: Body = {}) =>
      data('insertDocument', { collectionName, data: documents.map(stringify), ...more }),
    get: async (
      collectionName: string,
      query?: Plain,
      { order, projection, ...more }: { order?: Plain; projection?: Plain } & Body = {},
    ): Promise<Body[]> => {
      const body = {
        collectionName,
        queryType: 'WHERE',
        query: text(query),
        order: text(order),
        projection: text(projection),
      }
      const { list } = await data('getDocument', { ...body, ...more })
      // The list holds EJSON texts of documents.
      return (list as string[]).map((item) => JSON.parse(item) as Body)
    },
    count: async (collectionName: string, query?: Plain) =>
      (await data('calculateDocument', { collectionName, query: text(query) })).total,
    update: (collectionName: string, query: Plain, update: Plain, more: Body = {}, invocationId?: string) =>
      data(
        'modifyDocument',
        {
          collectionName,
          query: text(query),
          data: stringify(update),
          multi: true,
          merge: true,
          upsert: false,
          ...more,
        },
        invocationId,
      ),
    set: (collectionName: string, id: Plain, document: Plain, more: Body = {}) =>
      data('modifyDocument', {
        collectionName,
        queryType: 'DOC',
        query: text({ _id: id }),
        data: stringify(document),
        multi: false,
        merge: false,
        upsert: true,
        ...more,
      }),
    remove: (collectionName: string, query?: Plain, more: Body = {}) =>
      data('removeDocument', { collectionName, query: text(query), multi: true, ...more }),
    aggregate: async (collectionName: string, stages: Record<string, Plain>[]): Promise<Body[]> => {
      const wire = stages.flatMap((stage) =>
        Object.entries(stage).map(([stageKey, value]) => ({ stageKey, stageValue: stringify(value) })),
      )
      const { list } = await data('aggregateDocuments', { collectionName, stages: wire })
      return (list as string[]).map((item) => JSON.parse(item) as Body)
    },
    start: async (invocationId?: string) =>
      String((await database.handle('database.startTransaction', {}, { invocationId })).transactionId),
    commit: (transactionId: string) => data('commitTransaction', { transactionId }),
    abort: (transactionId: string) => data('abortTransaction', { transactionId }),
  }
}
