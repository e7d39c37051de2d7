import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PageServer, servePages, startChromium, type TestBrowser } from './chromium.ts'

let browser: TestBrowser
let pages: PageServer

beforeAll(async () => {
  browser = await startChromium()
  pages = await servePages({
    '/': '<script src="/app.js"></script><h1>Hello</h1>',
    '/app.js': 'localStorage.visits = Number(localStorage.visits ?? 0) + 1; visits = localStorage.visits',
  })
})

afterAll(async () => {
  await browser.stop()
  await pages.stop()
})

describe('Chromium for tests', () => {
  it('opens a page of this machine, each for a visitor of its own', async () => {
    for (const { page, uncaught } of [await browser.open(pages.url), await browser.open(pages.url)]) {
      expect(await page.textContent('h1')).toBe('Hello')
      expect(await page.evaluate('visits')).toBe('1')
      expect(uncaught).toEqual([])
    }
  })

  it('keeps what a page throws, and what other hosts answer never arrives', async () => {
    const { page, uncaught } = await browser.open(pages.url)
    await page.evaluate('setTimeout(() => { throw new Error("lost") })')
    await expect.poll(() => uncaught.map(({ message }) => message)).toEqual(['lost'])
    expect(await page.evaluate('fetch("http://example.test/").then(() => "reached", () => "kept in")')).toBe(
      'kept in',
    )
  })
})
