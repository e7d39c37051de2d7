import type { IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import type { Duplex } from 'node:stream'
import { withoutIdentity } from './request.ts'

/** Hands a WebSocket to the web server of an HTTP function: the request as it came, then bytes both ways. */
export function tunnel(exchange: {
  request: IncomingMessage
  socket: Duplex
  head: Buffer
  port: number
  path: string
}): void {
  const { request, socket, head, port, path } = exchange
  const inner = connect(port, '127.0.0.1')
  const lines = [`${request.method} ${path} HTTP/1.1`]
  for (const [name, value] of Object.entries(withoutIdentity(request.headers))) {
    for (const one of [value ?? []].flat()) lines.push(`${name}: ${one}`)
  }
  inner.write(`${lines.join('\r\n')}\r\n\r\n`)
  inner.write(head)
  inner.pipe(socket)
  socket.pipe(inner)
  for (const [one, other] of [
    [inner, socket],
    [socket, inner],
  ] as const) {
    one.on('error', () => other.destroy())
    one.on('close', () => other.destroy())
  }
}
