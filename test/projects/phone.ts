import { createContext, runInContext } from 'node:vm'
import { WebSocket } from 'ws'

/** One user's phone with a page of a mini program open, whose code runs as it is. */
export interface Phone<Page> {
  /** The object that the page's code gave to `Page()`, with its data. */
  readonly page: Page
  /** The value of an expression on the phone, which knows `page`. */
  act(expression: string): Promise<unknown>
  /** The way to the cloud breaks. */
  loseConnection(): void
}

/** @param wxCloud what `GET /client/wx-cloud.js` gives */
export function openPage<Page>(
  pageCode: string,
  wxCloud: string,
  settings: { url: string; user: string },
): Phone<Page> {
  const sockets: WebSocket[] = []
  class Socket extends WebSocket {
    constructor(url: string) {
      super(url)
      sockets.push(this)
    }
  }
  const silent = { log() {}, warn() {}, error() {} }
  const { fetch, setTimeout, clearTimeout, setInterval, clearInterval } = globalThis
  const timers = { setTimeout, clearTimeout, setInterval, clearInterval }
  const web = { fetch, Blob, FormData, URL, AbortController, WebSocket: Socket, console: silent }
  const context = createContext({ ...web, ...timers, module: { exports: {} } })
  const run = (code: string): unknown => runInContext(code, context)
  run(wxCloud)
  run(`var wx = { cloud: module.exports.install(${JSON.stringify(settings)}) }`)
  // What WeChat does with a page: an object of its own, with its data and setData.
  run(`var page
    function Page(code) {
      page = Object.assign(Object.create(code), {
        data: { ...code.data },
        setData(changes) { Object.assign(this.data, changes) },
      })
    }`)
  run(pageCode)
  return {
    page: run('page') as Page, // made by the page's code, which the caller knows
    act: async (expression) => run(expression),
    loseConnection() {
      for (const socket of sockets) socket.terminate()
    },
  }
}
