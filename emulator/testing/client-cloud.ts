/** A local cloud asked over HTTP as mini programs ask it. */
import type { EmulatorOptions } from '../index.ts'
import { startTestCloud, type TestCloud } from './project.ts'

export interface ClientCloud extends Omit<TestCloud, 'post'>, AsyncDisposable {
  /** `POST /client/<path>` as this user; '' for nobody. */
  post(
    user: string,
    path: string,
    body: object,
    headers?: Record<string, string>,
  ): Promise<{ status: number; body: Answer }>
  /** A database action: the reply's `data`, or `code` of the refusal. */
  query(user: string, action: string, collectionName: string, body: object): Promise<Answer>
  add(user: string, collection: string, ...documents: object[]): Promise<Answer>
  find(user: string, collection: string, filter?: object, more?: object): Promise<Answer>
  set(user: string, collection: string, id: string, data: object): Promise<Answer>
  update(user: string, collection: string, filter: object, change: object): Promise<Answer>
}

/** JSON of a reply, whose shape is what a test is about. */
export type Answer = ReturnType<typeof JSON.parse>

export async function startClientCloud(
  files: Record<string, string | object>,
  options?: EmulatorOptions,
): Promise<ClientCloud> {
  const cloud = await startTestCloud(files, options)
  const post: ClientCloud['post'] = async (user, path, body, headers = {}) => {
    const named: Record<string, string> = user === '' ? {} : { 'x-emulator-user': user }
    const request = { method: 'POST', headers: { ...named, ...headers }, body: JSON.stringify(body) }
    const response = await fetch(`${cloud.url}/client/${path}`, request)
    return { status: response.status, body: await response.json() }
  }
  const query: ClientCloud['query'] = async (user, action, collectionName, body) => {
    const fields = { collectionName, ...body, action: `database.${action}` }
    const { body: reply } = await post(user, 'database', fields)
    return reply.data ?? reply.code
  }
  return {
    ...cloud,
    post,
    query,
    add: (user, collection, ...documents) =>
      query(user, 'insertDocument', collection, { data: documents.map((item) => JSON.stringify(item)) }),
    async find(user, collection, filter = {}, more = {}) {
      const data = await query(user, 'getDocument', collection, { query: JSON.stringify(filter), ...more })
      return Array.isArray(data.list) ? data.list.map((text: string) => JSON.parse(text)) : data
    },
    set: (user, collection, id, data) =>
      query(user, 'modifyDocument', collection, {
        queryType: 'DOC',
        query: JSON.stringify({ _id: id }),
        data: JSON.stringify(data),
        multi: false,
        merge: false,
        upsert: true,
      }),
    update: (user, collection, filter, change) =>
      query(user, 'modifyDocument', collection, {
        query: JSON.stringify(filter),
        data: JSON.stringify(change),
        multi: true,
        merge: true,
        upsert: false,
      }),
  }
}
