import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LiveCloud, liveCloud } from './live.ts'

let cloud: LiveCloud

beforeAll(async () => {
  cloud = await liveCloud()
})
afterAll(() => cloud.stop())

describe('liveCloud', () => {
  it('calls the built functions as a mini program does', async () => {
    const page = await cloud.as('buyer1').ok<{ items: unknown[] }>('catalog/list', {})
    expect(page.items).toEqual([])
    expect(await cloud.as('buyer1').refused('catalog/nowhere')).toBe('ROUTE_NOT_FOUND')
  })

  it('fails as the client sees it when there is no such function', async () => {
    await expect(cloud.as('buyer1').call('missing/route')).rejects.toMatchObject({ errCode: -501000 })
  })

  it('answers what its operator asks', async () => {
    expect(await cloud.control('GET', 'health')).toMatchObject({ status: 'ready', url: cloud.emulator.url })
    await expect(cloud.control('GET', 'nothing-here')).rejects.toThrow('404')
  })
})
