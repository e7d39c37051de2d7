import * as z from 'zod'
import type { Clock } from '../core/clock.ts'
import { HttpRefusal, type HttpRoute, readMultipart } from '../core/http.ts'
import type { Client } from '../core/identity.ts'
import { readToken, signToken } from './token.ts'

/** Uploads as an HTML form (`uploadFile({ method: 'post' })`), which object storage answers with 201. */
export interface UploadForms {
  /** Where to post, and the `signature` field that lets one file in. */
  grant(cloudPath: string, client: Client): { url: string; signature: string }
  route: HttpRoute
}

const GRANT_MS = 15 * 60_000
/** As much as storage takes, and the form around it. */
const MAX_FORM_BYTES = 101 * 1024 * 1024

const grantSchema = z.object({
  upload: z.string(),
  client: z.object({
    appid: z.string(),
    uid: z.string().optional(),
    loginType: z.enum(['ANONYMOUS', 'CUSTOM', 'USERNAME']).optional(),
  }),
  expiresAtMs: z.number(),
})

export function createUploadForms(deps: {
  clock: Clock
  secret(): string
  baseUrl(): string
  upload(cloudPath: string, content: AsyncIterable<Uint8Array>, client: Client): Promise<unknown>
}): UploadForms {
  return {
    grant: (cloudPath, client) => ({
      url: `${deps.baseUrl()}/web/upload`,
      signature: signToken(
        { upload: cloudPath, client, expiresAtMs: deps.clock.nowMs() + GRANT_MS },
        deps.secret(),
      ),
    }),
    route: {
      method: 'POST',
      path: /^\/web\/upload$/,
      async handle({ request }) {
        const { text, binary } = await readMultipart(request, MAX_FORM_BYTES)
        const grant = grantSchema.safeParse(readToken(text.signature ?? '', deps.secret())).data
        if (!grant || grant.expiresAtMs <= deps.clock.nowMs()) {
          throw new HttpRefusal(403, 'AccessDenied', 'the upload was not granted, or too long ago')
        }
        if (text.key !== grant.upload) {
          throw new HttpRefusal(403, 'AccessDenied', 'the upload was granted for another file')
        }
        const file = binary.file ?? (text.file === undefined ? undefined : Buffer.from(text.file))
        if (!file) throw new HttpRefusal(400, 'InvalidArgument', 'the form has no field named file')
        await deps.upload(grant.upload, once(file), grant.client)
        return { status: 201, contentType: 'application/xml', body: '<PostResponse></PostResponse>' }
      },
    },
  }
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes
}
