/** Custom login: key pairs that may sign tickets, and the check of a ticket. */
import { createPublicKey, generateKeyPairSync, type KeyObject, verify } from 'node:crypto'
import * as z from 'zod'
import type { Ids } from '../core/ids.ts'
import type { State } from '../core/state.ts'
import { AuthRefusal } from './auth/refusal.ts'

/** The file that the console gives out for custom login, and that `createTicket` takes as `credentials`. */
export type LoginKey = z.output<typeof keySchema>

export interface Ticket {
  customUserId: string
  /** How long each access token lasts. */
  refreshMs: number
  /** When the login ends for good. */
  expiresAtMs: number
}

export interface CustomLogin {
  /** This environment's own key, made (in a tenth of a second) when it is first asked for, and kept with the data. */
  ownKey(): LoginKey
  /** Settles when the key is durable. */
  stop(): Promise<void>
  /** Throws AuthRefusal unless one of this environment's keys or of the project's signed it, and in time. */
  checkTicket(ticket: string, nowMs: number): Ticket
}

const keySchema = z.object({ private_key_id: z.string().min(1), private_key: z.string(), env_id: z.string() })

/** `createTicket` of node-sdk (`auth/index.js`): all times are milliseconds. */
const claimsSchema = z.object({
  alg: z.literal('RS256'),
  env: z.string(),
  exp: z.number(),
  uid: z.string().regex(/^[a-zA-Z0-9_\-#@~=*(){}[\]:.,<>+]{4,32}$/),
  refresh: z.number().positive(),
  expire: z.number(),
})

export function createCustomLogin(deps: {
  state: State
  ids: Ids
  envId: string
  /** Texts of the project that may be key files: variables of functions, files beside them. */
  projectKeys(): string[]
}): CustomLogin {
  const table = deps.state.table<LoginKey>('web.login-key')
  let keeping: Promise<void> | undefined
  let made: LoginKey | undefined

  function findKey(id: string): LoginKey | undefined {
    const own = made ?? table.get('own')
    const known = [...(own ? [own] : []), ...deps.projectKeys().flatMap((text) => readLoginKey(text) ?? [])]
    return known.find((key) => key.private_key_id === id)
  }

  return {
    ownKey() {
      const kept = table.get('own')
      if (kept) return kept
      // The same one again after data was replaced: functions that run hold it.
      made ??= makeKey(deps.ids.requestId(), deps.envId)
      keeping = table.put('own', made)
      return made
    },
    stop: async () => keeping,
    checkTicket(ticket, nowMs) {
      const [keyId = '', jwt = '', ...rest] = ticket.split('/@@/')
      const key = rest.length === 0 ? findKey(keyId) : undefined
      if (!key) throw refusal('the ticket names a key that this environment does not know')
      const claims = claimsSchema.safeParse(verifiedPayload(jwt, key)).data
      if (!claims) throw refusal('the ticket was not signed with the key that it names')
      if (claims.env !== key.env_id) throw refusal('the ticket was made for another environment')
      if (claims.exp <= nowMs || claims.expire <= nowMs) throw refusal('the ticket has expired')
      return { customUserId: claims.uid, refreshMs: claims.refresh, expiresAtMs: claims.expire }
    },
  }
}

/** Undefined when the text is not a key file. */
function readLoginKey(text: string): LoginKey | undefined {
  if (!text.includes('private_key_id')) return undefined
  return keySchema.safeParse(parseJson(text)).data
}

function refusal(message: string): AuthRefusal {
  return new AuthRefusal('invalid_grant', message)
}

function verifiedPayload(jwt: string, key: LoginKey): unknown {
  const [header = '', payload = '', signature = ''] = jwt.split('.')
  const isSigned = verify(
    'RSA-SHA256',
    Buffer.from(`${header}.${payload}`),
    publicKeyOf(key),
    Buffer.from(signature, 'base64url'),
  )
  return isSigned ? parseJson(Buffer.from(payload, 'base64url').toString()) : undefined
}

function publicKeyOf({ private_key, private_key_id }: LoginKey): KeyObject {
  try {
    return createPublicKey(private_key)
  } catch {
    throw refusal(`the key file ${private_key_id} holds no private key`)
  }
}

function makeKey(id: string, envId: string): LoginKey {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  return { private_key_id: id, private_key: pem, env_id: envId }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
