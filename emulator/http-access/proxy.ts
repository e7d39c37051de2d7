import {
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as open,
  type ServerResponse,
} from 'node:http'

/** Hands a request to the web server of an HTTP function, and its answer back as it comes. */
export function proxy(exchange: {
  request: IncomingMessage
  response: ServerResponse
  port: number
  path: string
  headers: IncomingHttpHeaders
  timeoutMs: number
}): Promise<void> {
  const { request, response, port, path, headers, timeoutMs } = exchange
  return new Promise((resolve, reject) => {
    const inner = open(
      { host: '127.0.0.1', port, method: request.method, path, headers: { ...headers, host: headers.host } },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(response)
        answer.on('error', fail)
        answer.on('end', done)
      },
    )
    const limit = setTimeout(() => {
      inner.destroy(new Error(`Invoking task timed out after ${timeoutMs / 1_000} seconds`))
    }, timeoutMs)
    inner.on('error', fail)
    response.on('close', () => {
      // The client has gone: nobody waits for the rest.
      inner.destroy()
      done()
    })
    request.pipe(inner)

    function done(): void {
      clearTimeout(limit)
      resolve()
    }
    function fail(error: Error): void {
      clearTimeout(limit)
      if (response.headersSent) response.destroy()
      reject(error)
    }
  })
}
