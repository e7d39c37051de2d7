/** `wx.cloud.CloudID` in the data of a call: top-level values are replaced by the open data that they stand for. */
import type { IncomingMessage } from 'node:http'
import { HttpRefusal } from '../core/http.ts'
import type { Identity } from '../core/identity.ts'

/** The data behind a CloudID, or why this user does not get it (-601005, -601006, -601007 of wx-server-sdk). */
export type OpenData = (
  cloudId: string,
  identity: Identity,
) => { data: unknown } | { errCode: number; errMsg: string }

/** Per call (WeChat manual: 云调用直接获取开放数据). */
const MOST_CLOUD_IDS = 5

/**
 * The names of the fields come in the header `x-emulator-cloud-ids`, each URI-encoded, between commas: so no value of an
 * event can be taken for a CloudID. How a base library marks them is not public.
 */
export function withOpenData(
  openData: OpenData,
  event: Record<string, unknown>,
  identity: Identity,
  request: IncomingMessage,
): Record<string, unknown> {
  const header = request.headers['x-emulator-cloud-ids']
  if (typeof header !== 'string' || header === '') return event
  const names = header.split(',').map(decoded)
  if (names.length > MOST_CLOUD_IDS)
    throw new HttpRefusal(400, 'INVALID_PARAM', `a call takes at most ${MOST_CLOUD_IDS} CloudIDs`)
  const replaced = { ...event }
  for (const name of names) {
    const cloudID = event[name]
    if (typeof cloudID === 'string') replaced[name] = { cloudID, ...openData(cloudID, identity) }
  }
  return replaced
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    throw new HttpRefusal(400, 'INVALID_PARAM', 'x-emulator-cloud-ids cannot be read')
  }
}
