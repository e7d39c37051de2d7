import { createHmac, timingSafeEqual } from 'node:crypto'
import * as z from 'zod'

/** Permission to upload one file, or to read a private one, for a while; only who holds the secret can make one. */
export interface Tickets {
  /** The headers that the SDK sends back with the upload. */
  issueUpload(grant: UploadGrant): { authorization: string; token: string; cosFileId: string }
  /** The grant, or why it is none. */
  checkUpload(
    headers: { authorization?: string; token?: string; cosFileId?: string },
    nowMs: number,
  ): UploadGrant | 'SignatureDoesNotMatch' | 'RequestTimeTooSkewed'
  /** The query of a private file's address. */
  issueRead(cloudPath: string, expiresAtMs: number): string
  isReadAllowed(cloudPath: string, query: URLSearchParams, nowMs: number): boolean
}

export interface UploadGrant {
  cloudPath: string
  openid?: string
  /** Of a client: the file (its object id, '' for none) that rules let it replace; another's newer one it may not. */
  replaces?: string
  expiresAtMs: number
}

export function createTickets(secret: () => string): Tickets {
  const mac = (purpose: string, text: string) =>
    createHmac('sha256', secret()).update(`${purpose}\n${text}`).digest('hex')
  return {
    issueUpload(grant) {
      const token = Buffer.from(JSON.stringify(grant)).toString('base64url')
      return {
        token,
        authorization: `q-sign-algorithm=sha256&q-ak=local&q-signature=${mac('put', token)}`,
        cosFileId: mac('file', token),
      }
    },
    checkUpload({ authorization = '', token = '', cosFileId = '' }, nowMs) {
      const signature = /(?:^|&)q-signature=([0-9a-f]+)$/.exec(authorization)?.[1] ?? ''
      const isOurs = isSame(signature, mac('put', token)) && isSame(cosFileId, mac('file', token))
      if (!isOurs) return 'SignatureDoesNotMatch'
      const grant = grantSchema.parse(JSON.parse(Buffer.from(token, 'base64url').toString('utf8')))
      return grant.expiresAtMs > nowMs ? grant : 'RequestTimeTooSkewed'
    },
    issueRead: (cloudPath, expiresAtMs) =>
      `sign=${mac('get', `${expiresAtMs}\n${cloudPath}`)}&t=${expiresAtMs}`,
    isReadAllowed(cloudPath, query, nowMs) {
      const expiresAtMs = query.get('t') ?? ''
      const isOurs = isSame(query.get('sign') ?? '', mac('get', `${expiresAtMs}\n${cloudPath}`))
      return isOurs && Number(expiresAtMs) > nowMs
    },
  }
}

const grantSchema = z.object({
  cloudPath: z.string(),
  openid: z.string().optional(),
  replaces: z.string().optional(),
  expiresAtMs: z.number(),
})

function isSame(given: string, expected: string): boolean {
  const a = Buffer.from(given)
  const b = Buffer.from(expected)
  return a.length === b.length && timingSafeEqual(a, b)
}
