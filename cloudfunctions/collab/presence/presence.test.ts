import { beforeEach, describe, expect, it } from 'vitest'
import { CLIENT, type Desk, openDesk } from '../document.fixture.ts'

let desk: Desk
beforeEach(async () => {
  desk = await openDesk()
  await desk.join('buyer1', 'viewer')
})

const present = (name: string, state: string, clientId = CLIENT) =>
  desk.cloud.as(name).ok<{ others: { userId: string; state: string }[] }>('collab/present', {
    documentId: desk.documentId,
    clientId,
    state,
  })
const stored = () => desk.cloud.collection('collab_presence').all()

describe('presence', () => {
  it('tells members who else is there and what they show, until they fall silent', async () => {
    expect(await present('author1', 'a')).toMatchObject({ others: [] })
    expect(await present('buyer1', 'b')).toMatchObject({
      others: [{ userId: desk.cloud.openid('author1'), state: 'a' }],
    })
    await desk.cloud.clock.advance(20_000)
    expect(await present('author1', 'a2')).toMatchObject({ others: [{ state: 'b' }] })
    await desk.cloud.clock.advance(20_001)
    expect(await present('author1', 'a3')).toMatchObject({ others: [] })
  })

  it('knows two devices of one person apart, and one device once', async () => {
    await present('author1', 'phone')
    await present('author1', 'phone again')
    expect(desk.cloud.databaseCalls()).toBe(3)
    expect(await present('author1', 'tablet', 'client-2')).toMatchObject({
      others: [{ state: 'phone again' }],
    })
    expect(await stored()).toHaveLength(2)
  })

  it('ends when it is said, and by the cleaner; nobody can end it for another', async () => {
    await present('author1', 'a')
    const absent = (name: string) =>
      desk.cloud.as(name).ok('collab/absent', { documentId: desk.documentId, clientId: CLIENT })
    expect(await absent('buyer1')).toEqual({ removed: false })
    expect(await absent('author1')).toEqual({ removed: true })
    await present('author1', 'a')
    await desk.cloud.clock.advance(60_000)
    await desk.cloud.as('admin').ok('scheduler/run', { job: 'cleaning' })
    expect(await stored()).toEqual([])
  })

  it('is for members', async () => {
    const input = { documentId: desk.documentId, clientId: CLIENT, state: '' }
    expect(await desk.cloud.as('guest').refused('collab/present', input)).toBe('NOT_FOUND')
    expect(await stored()).toEqual([])
  })
})
