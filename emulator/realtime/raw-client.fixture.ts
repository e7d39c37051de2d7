/** A client of the realtime protocol by hand, for what the real one would never send. */
import { WebSocket } from 'ws'

export interface Received {
  msgType: string
  requestId: string
  watchId?: string
  msgData: {
    code?: string
    queryID?: string
    currEvent?: number
    envId?: string
    events?: Record<string, unknown>[]
  } | null
}

export async function connectByHand(url: string) {
  const socket = new WebSocket(url)
  const received: Received[] = []
  const closed = new Promise<number>((resolve) => socket.once('close', resolve))
  let wake = () => {}
  socket.on('message', (data) => {
    received.push(JSON.parse(String(data)) as Received)
    wake()
  })
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  async function first(isMeant: (message: Received) => boolean): Promise<Received> {
    for (;;) {
      const found = received.find(isMeant)
      if (found) return found
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }
  async function ask(msgType: string, msgData: unknown, more: Record<string, unknown> = {}) {
    const requestId = `request ${++requests}`
    socket.send(JSON.stringify({ requestId, msgType, msgData, ...more }))
    return first((message) => message.requestId === requestId)
  }
  const login = () => ask('LOGIN', { envId: 'local' }, { exMsgData: { signStr: 'sign' } })
  const initWatch = (watchId: string, more: Record<string, unknown> = {}) =>
    ask('INIT_WATCH', { envId: 'local', collName: 'posts', query: '{}', ...more }, { watchId })
  return { socket, received, closed, ask, first, login, initWatch }
}

let requests = 0
