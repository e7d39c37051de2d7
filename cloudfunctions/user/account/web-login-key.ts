import { createPrivateKey, sign } from 'node:crypto'
import * as z from 'zod'
import { refuse } from '../../_kernel/index.ts'

/** The file that the console gives out under "custom login": everything in it is a secret of this environment. */
const keySchema = z.object({
  private_key_id: z.string().min(1),
  private_key: z.string().min(1),
  env_id: z.string().min(1),
})

export type WebLoginKey = z.output<typeof keySchema>

/** Refuses WEB_LOGIN_NOT_CONFIGURED when the setting is missing or is not such a file. */
export function readWebLoginKey(text: string | undefined): WebLoginKey {
  if (!text) refuse('WEB_LOGIN_NOT_CONFIGURED', { setting: 'TCB_CUSTOM_LOGIN_KEY', why: 'missing' })
  const parsed = keySchema.safeParse(parseJson(text))
  if (!parsed.success)
    refuse('WEB_LOGIN_NOT_CONFIGURED', { setting: 'TCB_CUSTOM_LOGIN_KEY', why: 'not a key file' })
  return parsed.data
}

/** How long the holder may take to exchange the ticket; fixed by the platform's SDK. */
const TICKET_MS = 10 * 60_000

/**
 * The same text as `auth().createTicket` of `@cloudbase/node-sdk` (`dist/auth/index.js`), times in milliseconds included.
 * Written here because that SDK would double the size of this function for one signature.
 */
export function createTicket(
  key: WebLoginKey,
  uid: string,
  options: { nowMs: number; refreshMs: number; expiresAtMs: number },
): string {
  const claims = {
    alg: 'RS256',
    env: key.env_id,
    iat: options.nowMs,
    exp: options.nowMs + TICKET_MS,
    uid,
    refresh: options.refreshMs,
    expire: options.expiresAtMs,
  }
  const signed = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(claims)}`
  const signature = sign('RSA-SHA256', Buffer.from(signed), createPrivateKey(key.private_key))
  return `${key.private_key_id}/@@/${signed}.${signature.toString('base64url')}`
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
