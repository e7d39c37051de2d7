import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Stage, startStage } from './js-sdk-stage.ts'

declare global {
  /** What the page's watch has heard of. */
  var heard: string[][]
  var failed: unknown[]
}

let stage: Stage
beforeAll(async () => {
  stage = await startStage()
})
afterAll(() => stage.stop())

const watch = (page: Page, room: string) =>
  page.evaluate((room) => {
    globalThis.heard = []
    globalThis.failed = []
    db.collection('messages')
      .where({ room })
      .watch({
        onChange: ({ docs }) => void heard.push(Object.values(docs).map(({ text }) => text)),
        onError: (error: unknown) => failed.push(String(error)),
      })
  }, room)
const say = (page: Page, room: string, text: string) =>
  page.evaluate(async ([room, text]) => (await db.collection('messages').add({ room, text })).id ?? '', [
    room,
    text,
  ] as const)
const lastHeard = (page: Page) => page.evaluate(() => heard.at(-1))

describe('watch in a page', () => {
  it.each(['GATEWAY', 'CLOUD_API'] as const)('sees what another visitor writes, in mode %s', async (mode) => {
    const listener = await stage.signedIn(mode)
    const speaker = await stage.signedIn(mode)
    const room = `room-${mode}`
    await say(speaker.page, room, 'before')
    await watch(listener.page, room)
    await expect.poll(() => lastHeard(listener.page)).toEqual(['before'])
    await say(speaker.page, 'another room', 'unheard')
    const id = await say(speaker.page, room, 'after')
    await expect.poll(() => lastHeard(listener.page)).toEqual(['before', 'after'])
    await speaker.page.evaluate((id) => db.collection('messages').doc(id).update({ text: 'changed' }), id)
    await expect.poll(() => lastHeard(listener.page)).toEqual(['before', 'changed'])
    await speaker.page.evaluate((id) => db.collection('messages').doc(id).remove(), id)
    await expect.poll(() => lastHeard(listener.page)).toEqual(['before'])
    expect(await listener.page.evaluate(() => failed)).toEqual([])
  })

  it('goes on after its connection dropped, with what was written meanwhile', async () => {
    const listener = await stage.signedIn()
    const speaker = await stage.signedIn()
    await watch(listener.page, 'dropped')
    await expect.poll(() => lastHeard(listener.page)).toEqual([])
    await listener.page.evaluate(() => sockets.at(-1)?.close())
    await say(speaker.page, 'dropped', 'meanwhile')
    await expect.poll(() => lastHeard(listener.page), { timeout: 30_000 }).toEqual(['meanwhile'])
    await say(speaker.page, 'dropped', 'later')
    await expect.poll(() => lastHeard(listener.page)).toEqual(['meanwhile', 'later'])
    expect(await listener.page.evaluate(() => [sockets.length, failed])).toEqual([2, []])
  })

  it('is refused where the rules refuse to read', async () => {
    const { page } = await stage.signedIn()
    const error = await page.evaluate(
      () =>
        new Promise((resolve) => {
          db.collection('secrets').watch({
            onChange: () => resolve('heard'),
            onError: (error: unknown) => resolve(JSON.stringify(error)),
          })
        }),
    )
    expect(error).toContain('PERMISSION_DENIED')
  })
})
