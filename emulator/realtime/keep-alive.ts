import type { WebSocket, WebSocketServer } from 'ws'

/** Half-open connections look alive for hours. The client pings by messages of its own; this is for those that are gone. */
const PING_MS = 30_000

/** Ends the sockets that did not answer the last ping. Returns how to stop. */
export function keepAlive(server: WebSocketServer): () => void {
  const answered = new WeakSet<WebSocket>()
  server.on('connection', (socket) => {
    answered.add(socket)
    socket.on('pong', () => answered.add(socket))
  })
  const timer = setInterval(() => {
    for (const socket of server.clients) {
      if (!answered.delete(socket)) socket.terminate()
      else socket.ping()
    }
  }, PING_MS)
  timer.unref()
  return () => clearInterval(timer)
}
