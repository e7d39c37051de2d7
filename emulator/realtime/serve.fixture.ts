/** Realtime on a free port, as the gateway serves it. */
import { createServer } from 'node:http'
import { WireError } from '../core/errors.ts'
import { createIds } from '../core/ids.ts'
import { createLog } from '../core/log.ts'
import { createRealtime, type RealtimeDeps } from './index.ts'

export async function serveRealtime(
  database: RealtimeDeps['database'],
  overrides: Partial<Omit<RealtimeDeps, 'database'>> = {},
) {
  const log = createLog(Date.now)
  const realtime = createRealtime({
    database,
    envId: 'local',
    ids: createIds(),
    log,
    authorize: async (_, queryEjson) => ({ queryEjson }),
    clientOfUser: (name) => (name ? { appid: 'wx', openid: name } : undefined),
    clientOfToken: async ({ signStr }) => (signStr === 'sign' ? { appid: 'wx', uid: 'web' } : undefined),
    ...overrides,
  })
  const server = createServer()
  server.on('upgrade', (request, socket, head) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    try {
      realtime.sockets.find(({ path }) => path.test(url.pathname))?.handle({ request, socket, head, url })
    } catch {
      // A client that comes back while all is being stopped.
      socket.destroy()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    realtime,
    log,
    webUrl: `ws://127.0.0.1:${port}/web/ws`,
    clientUrl: (user: string) => `ws://127.0.0.1:${port}/client/watch?user=${user}`,
    async stop() {
      await realtime.stop()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Lets clients read what is their own or of nobody, as a rules file would. */
export const authorizeOwn: RealtimeDeps['authorize'] = async (collection, query, { uid, openid }) => {
  if (collection === 'secrets') throw new WireError('DATABASE_PERMISSION_DENIED', 'not for you')
  return { queryEjson: JSON.stringify({ $and: [JSON.parse(query), { owner: openid ?? uid }] }) }
}
