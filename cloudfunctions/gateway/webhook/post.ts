import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { publicLookup, whyNotTo } from './address.ts'

const ANSWER_WITHIN_MS = 5_000

/**
 * One POST, without following redirects and without reading the answer beyond its status. Rejects when nobody answers in
 * time or the address is not one that webhooks may go to; that is checked again here, because rules and names change.
 */
export async function post(
  url: string,
  headers: Record<string, string>,
  body: string,
  allowsLocal: boolean,
): Promise<number> {
  const whyNot = whyNotTo(url, allowsLocal)
  if (whyNot !== undefined) throw new Error(whyNot)
  const send = url.startsWith('https:') ? httpsRequest : httpRequest
  return new Promise((resolve, reject) => {
    const request = send(url, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      agent: false,
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      ...(allowsLocal ? {} : { lookup: publicLookup }),
    })
    request.once('response', (response) => {
      resolve(response.statusCode ?? 0)
      response.destroy()
    })
    request.once('error', reject)
    request.end(body)
  })
}
