/** The caller as rules see them: `auth`, the owner of what they create, and the templates of their queries. */
import type { Client } from '../core/identity.ts'
import { isPlain } from './values.ts'

/** `auth`: null when nobody has logged in. A mini program's requests have neither uid nor loginType. */
export function authOf({ openid, uid, loginType }: Client): Record<string, string> | null {
  if (openid === undefined && uid === undefined) return null
  return {
    ...(openid === undefined ? {} : { openid }),
    ...(uid === undefined ? {} : { uid }),
    ...(loginType === undefined ? {} : { loginType }),
  }
}

/** What `_openid` of their documents and files is. */
export function ownerId({ openid, uid }: Client): string | undefined {
  return openid ?? uid
}

/**
 * Puts the caller's identity in the place of `{openid}` (of a web login: the uid) and `{uid}`, wherever such a text is a
 * whole value. A caller without that identity keeps the text, which equals nothing of theirs.
 */
export function fillTemplates<T>(value: T, client: Client): T {
  const identities = { '{openid}': ownerId(client), '{uid}': client.uid }
  return fill(value, identities) as T // keeps the shape; a text stays a text
}

function fill(value: unknown, identities: Record<string, string | undefined>): unknown {
  if (typeof value === 'string') {
    return (Object.hasOwn(identities, value) ? identities[value] : undefined) ?? value
  }
  if (Array.isArray(value)) return value.map((item) => fill(item, identities))
  if (!isPlain(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fill(item, identities)]))
}
