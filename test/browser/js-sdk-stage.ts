/** A local cloud on a small project, and a browser whose pages hold the real web SDK. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { Page } from 'playwright-core'
import { type Emulator, startEmulator } from '../../emulator/index.ts'
import { servePages, startChromium, type TestPage } from './chromium.ts'
import type { Mode } from './pages/js-sdk.ts'

export interface Stage {
  cloud: Emulator
  /** A new visitor's page, connected; its origin is not the cloud's. */
  visit(mode?: Mode): Promise<Page>
  /** The same, signed in anonymously; gives the uid too. */
  signedIn(mode?: Mode): Promise<Visitor>
  /** Errors that nobody caught in any page. */
  uncaught(): Error[]
  stop(): Promise<void>
}

export interface Visitor {
  page: Page
  uid: string
}

const nodeSdk = JSON.stringify(createRequire(import.meta.url).resolve('@cloudbase/node-sdk'))
const project: Record<string, string | object> = {
  'project.config.json': {},
  'database-rules/notes.json': { permission: 'PRIVATE' },
  'database-rules/articles.json': {
    permission: 'CUSTOM',
    rule: { read: 'doc.published == true', create: "auth.loginType != 'ANONYMOUS'", write: false },
  },
  'database-rules/messages.json': { permission: 'CUSTOM', rule: { read: true, write: 'auth != null' } },
  'database-rules/secrets.json': { permission: 'ADMINONLY' },
  'cloudfunctions/whoami/index.js': `const tcb = require(${nodeSdk})
    const app = tcb.init({ env: tcb.SYMBOL_CURRENT_ENV })
    exports.main = async (event) => ({ ...event, user: app.auth().getUserInfo() })`,
  'cloudfunctions/broken/index.js': 'exports.main = async () => { throw new Error("on purpose") }',
}

export async function startStage(): Promise<Stage> {
  const dir = mkdtempSync(join(tmpdir(), 'web-'))
  for (const [path, content] of Object.entries(project)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true })
    writeFileSync(join(dir, path), typeof content === 'string' ? content : JSON.stringify(content))
  }
  const cloud = await startEmulator({ project: dir })
  const browser = await startChromium()
  const pages = await servePages({ '/': '<script src="/app.js"></script>', '/app.js': await bundle() })

  const opened: TestPage[] = []
  const visit: Stage['visit'] = async (mode) => {
    const { page, uncaught } = await browser.open(pages.url)
    opened.push({ page, uncaught })
    await page.evaluate(([url, mode]) => connect(url, mode), [cloud.url, mode] as const)
    return page
  }
  return {
    cloud,
    visit,
    async signedIn(mode) {
      const page = await visit(mode)
      const uid = await page.evaluate(async () => {
        const { data, error } = await app.auth().signInAnonymously({})
        if (error) throw error
        return String(data.user?.id)
      })
      return { page, uid }
    },
    uncaught: () => opened.flatMap(({ uncaught }) => uncaught),
    async stop() {
      await browser.stop()
      await pages.stop()
      await cloud.stop()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** As a bundler makes it of `import cloudbase from '@cloudbase/js-sdk'`. */
async function bundle(): Promise<string> {
  const entry = fileURLToPath(new URL('pages/js-sdk.ts', import.meta.url))
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    platform: 'browser',
    format: 'iife',
    write: false,
  })
  return outputFiles[0]?.text ?? ''
}
