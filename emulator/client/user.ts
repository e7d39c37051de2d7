import type { IncomingMessage } from 'node:http'
import { HttpRefusal } from '../core/http.ts'
import type { Identity } from '../core/identity.ts'

/** The user of this name, made on first use; undefined when it cannot be a name. */
export type IdentityOf = (userName: string) => Identity | undefined

/** Who asks, by header `x-emulator-user`. */
export function identify(identityOf: IdentityOf, request: IncomingMessage): Identity {
  const header = request.headers['x-emulator-user']
  if (typeof header !== 'string' || header === '') {
    throw new HttpRefusal(400, 'USER_REQUIRED', 'header x-emulator-user must name a user, for example buyer1')
  }
  const identity = identityOf(header)
  if (!identity) {
    throw new HttpRefusal(400, 'INVALID_USER', 'a user name has 1 to 64 letters, digits, "_", "-" or "."')
  }
  return identity
}
