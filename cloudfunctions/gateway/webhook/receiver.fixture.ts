/** A partner's server that takes webhooks, on loopback, and checks them as the Standard Webhooks specification says. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Received {
  id: string
  type: string
  orderId: string
  /** What the receiver answered. */
  status: number
  signatures: number
}

export interface Receiver extends AsyncDisposable {
  url: string
  /** Everything that came, whether it was taken or not. */
  received: Received[]
  /** What it took, in the order in which it came, repeats by `webhook-id` left out. */
  taken(): Received[]
  /** Answers with this status from now on; a function decides each time. */
  answer(status: number | ((received: Received) => number)): void
  /** One of these must have signed. */
  secrets: string[]
}

export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = []
  const secrets: string[] = []
  let statusOf: (received: Received) => number = () => 204
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString()
      const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signature } = request.headers
      const given = String(signature).split(' ')
      const isSigned = secrets.some((secret) =>
        given.some((each) => isSame(each, sign(secret, `${id}.${at}.${body}`))),
      )
      const { type, data } = JSON.parse(body)
      const one = { id: String(id), type, orderId: data.orderId, status: 0, signatures: given.length }
      one.status = isSigned ? statusOf(one) : 401
      received.push(one)
      response.writeHead(one.status).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/hooks`,
    received,
    secrets,
    taken() {
      const seen = new Set<string>()
      return received.filter(({ status, id }) => status < 300 && !seen.has(id) && seen.add(id))
    },
    answer(status) {
      statusOf = typeof status === 'number' ? () => status : status
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function sign(secret: string, text: string): string {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
  return `v1,${createHmac('sha256', key).update(text).digest('base64')}`
}

function isSame(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other))
}
