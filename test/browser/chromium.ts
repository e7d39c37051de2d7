/** A real Chromium for tests, and pages for it on an origin of this machine. */
import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import { type Browser, chromium, type Page } from 'playwright-core'

export interface TestBrowser {
  /** A page of a visitor of their own (no storage shared with others) at `url`. */
  open(url: string): Promise<TestPage>
  stop(): Promise<void>
}

export interface TestPage {
  readonly page: Page
  /** Errors that nobody caught in the page, in order. */
  readonly uncaught: Error[]
}

export interface PageServer {
  /** `http://127.0.0.1:<port>` */
  readonly url: string
  stop(): Promise<void>
}

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // A page under test reaches this machine and nothing else.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
]

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Starts with an empty profile of its own, which is removed at the end. */
export async function startChromium(): Promise<TestBrowser> {
  const browser: Browser = await chromium.launch({
    executablePath: findChromium(),
    headless: true,
    args: ARGUMENTS,
  })
  return {
    async open(url) {
      const context = await browser.newContext()
      const page = await context.newPage()
      const uncaught: Error[] = []
      page.on('pageerror', (error) => uncaught.push(error))
      await page.goto(url)
      return { page, uncaught }
    },
    stop: () => browser.close(),
  }
}

/** Serves texts by path, for example `{ '/': '<script src="/app.js"></script>', '/app.js': code }`. */
export async function servePages(texts: Record<string, string>): Promise<PageServer> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname
    const text = Object.hasOwn(texts, path) ? texts[path] : undefined
    const type = path.endsWith('.js') ? 'text/javascript' : 'text/html'
    response.writeHead(text === undefined ? 404 : 200, { 'content-type': `${type}; charset=utf-8` })
    response.end(text)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('the page server has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function findChromium(): string {
  const named = process.env.CHROMIUM_PATH
  const found = named ? [named] : PLACES
  const path = found.find((place) => existsSync(place))
  if (!path) {
    throw new Error(
      `the browser tests need Chromium: install it (apt install chromium) or name it in CHROMIUM_PATH; looked at ${found.join(', ')}`,
    )
  }
  return path
}
