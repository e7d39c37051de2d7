/** Requests as the web SDK sends them, without the SDK. */
export interface WebClient {
  /** A request with a JSON body; `headers` say who asks. */
  send(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<{ status: number; body: Record<string, unknown> }>
  /** Signs in anonymously from a device; gives the credentials. */
  signIn(deviceId?: string): Promise<Record<string, string>>
  /** The header of who has signed in. */
  as(credentials: Record<string, string>): Record<string, string>
}

export const START_MS = Date.UTC(2026, 0, 1)

/** One collection of which everybody has their own documents, one that is closed, and functions. */
export const PROJECT = {
  'database-rules/notes.json': { permission: 'PRIVATE' },
  'database-rules/locked.json': { permission: 'ADMINONLY' },
  echo: 'exports.main = async ({ userInfo, ...event }) => event',
  broken: 'exports.main = async () => { throw new Error("on purpose") }',
}

export function webClient(url: string): WebClient {
  const send: WebClient['send'] = async (method, path, body, headers = {}) => {
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
    const response = await fetch(url + path, { method, headers, body: text })
    return { status: response.status, body: Object(await response.json()) }
  }
  return {
    send,
    async signIn(deviceId = 'device-1') {
      const { body } = await send('POST', '/auth/v1/signin/anonymously', {}, { 'x-device-id': deviceId })
      return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, String(value)]))
    },
    as: ({ access_token }) => ({ authorization: `Bearer ${access_token}` }),
  }
}
