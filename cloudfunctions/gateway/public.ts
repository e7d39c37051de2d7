/** What others may use of `gateway`. */
export { cleanGateway } from './clean.ts'
export { eraseUser, exportUser } from './privacy.ts'
export { consumers } from './webhook/consumers.ts'

/** The description of the partner API, as `GET /openapi.json` gives it. */
export async function openApi(): Promise<Record<string, unknown>> {
  const { openApi: describe } = await import('./rest/open-api.ts')
  return describe()
}

export { sendWebhooks } from './webhook/send.ts'
