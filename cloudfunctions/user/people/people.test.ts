import { beforeEach, describe, expect, it } from 'vitest'
import { type UnitCloud, unitCloud } from '../../../test/support/unit.ts'

let cloud: UnitCloud
beforeEach(async () => {
  cloud = await unitCloud()
  for (const name of ['admin', 'buyer1', 'manager1']) {
    await cloud.as(name).ok('user/login')
    await cloud.clock.advance(1)
  }
})

const target = (name: string) => ({ userId: cloud.openid(name) })

describe('user/ban', () => {
  it('shuts the account out of every function', async () => {
    await cloud.as('admin').ok('user/ban', { ...target('buyer1'), reason: '刷单' })
    expect(await cloud.as('buyer1').refused('user/profile')).toBe('USER_BANNED')
    expect(await cloud.as('admin').ok('user/getUser', target('buyer1'))).toMatchObject({
      isBanned: true,
      ban: { reason: '刷单', untilMs: null, byUserId: cloud.openid('admin') },
    })
  })

  it('ends by itself', async () => {
    const untilMs = cloud.clock.nowMs() + 3_600_000
    await cloud.as('admin').ok('user/ban', { ...target('buyer1'), reason: '刷单', untilMs })
    expect(await cloud.as('buyer1').refused('user/profile')).toBe('USER_BANNED')
    await cloud.clock.set(untilMs)
    expect(await cloud.as('buyer1').ok('user/profile')).toMatchObject(target('buyer1'))
    expect(await cloud.as('admin').ok('user/getUser', target('buyer1'))).toMatchObject({ isBanned: false })
  })

  it('may be repeated', async () => {
    const ban = { ...target('buyer1'), reason: '刷单' }
    await cloud.as('admin').ok('user/ban', ban)
    expect(await cloud.as('admin').ok('user/ban', ban)).toEqual({ ...target('buyer1'), untilMs: null })
  })

  it('refuses an end that is over, a missing reason and an unknown user', async () => {
    const untilMs = cloud.clock.nowMs()
    expect(await cloud.as('admin').refused('user/ban', { ...target('buyer1'), reason: 'x', untilMs })).toBe(
      'INVALID_INPUT',
    )
    expect(await cloud.as('admin').refused('user/ban', target('buyer1'))).toBe('INVALID_INPUT')
    expect(await cloud.as('admin').refused('user/ban', { ...target('nobody'), reason: 'x' })).toBe(
      'NOT_FOUND',
    )
  })

  it('spares oneself, administrators, and whoever may do more than the caller', async () => {
    await cloud.as('admin').ok('user/grantRole', { ...target('manager1'), role: 'content_moderator' })
    await cloud.as('admin').ok('user/grantRole', { ...target('buyer1'), role: 'finance' })
    for (const name of ['manager1', 'admin', 'buyer1']) {
      const refusal = await cloud.as('manager1').refused('user/ban', { ...target(name), reason: 'x' })
      expect(refusal).toBe('FORBIDDEN')
    }
    expect(await cloud.as('buyer1').refused('user/ban', { ...target('manager1'), reason: 'x' })).toBe(
      'FORBIDDEN',
    )
  })
})

describe('user/unban', () => {
  it('lets the account in again, and does nothing the second time', async () => {
    await cloud.as('admin').ok('user/ban', { ...target('buyer1'), reason: '刷单' })
    await cloud.as('admin').ok('user/unban', target('buyer1'))
    await cloud.as('admin').ok('user/unban', target('buyer1'))
    expect(await cloud.as('buyer1').ok('user/profile')).toMatchObject(target('buyer1'))
  })

  it('is not for customers', async () => {
    expect(await cloud.as('buyer1').refused('user/unban', target('buyer1'))).toBe('FORBIDDEN')
  })
})

describe('user/listUsers', () => {
  it('pages through all users, newest first', async () => {
    type Page = { items: { userId: string }[]; nextCursor: string | null }
    const first = await cloud.as('admin').ok<Page>('user/listUsers', { size: 2 })
    const second = await cloud.as('admin').ok<Page>('user/listUsers', { size: 2, cursor: first.nextCursor })
    expect([...first.items, ...second.items].map(({ userId }) => userId)).toEqual([
      cloud.openid('manager1'),
      cloud.openid('buyer1'),
      cloud.openid('admin'),
    ])
    expect(second.nextCursor).toBeNull()
  })

  it('finds a person by phone number and shows it masked', async () => {
    const { code } = await cloud.wechat.control.phoneCodes.issue(cloud.openid('buyer1'), '13812345678')
    await cloud.as('buyer1').ok('user/bindPhone', { code })
    expect(await cloud.as('admin').ok('user/listUsers', { phone: '13812345678' })).toMatchObject({
      items: [{ ...target('buyer1'), phone: '138****5678' }],
    })
  })

  it('refuses customers and broken cursors', async () => {
    expect(await cloud.as('buyer1').refused('user/listUsers')).toBe('FORBIDDEN')
    expect(await cloud.as('admin').refused('user/listUsers', { cursor: 'x' })).toBe('INVALID_INPUT')
  })
})

describe('user/getUser', () => {
  it('shows roles and department', async () => {
    await cloud.as('admin').ok('user/grantRole', { ...target('buyer1'), role: 'hr' })
    expect(await cloud.as('admin').ok('user/getUser', target('buyer1'))).toMatchObject({
      ...target('buyer1'),
      roles: ['hr'],
      departmentId: null,
      isBanned: false,
    })
  })

  it('refuses customers, and unknown users', async () => {
    expect(await cloud.as('buyer1').refused('user/getUser', target('buyer1'))).toBe('FORBIDDEN')
    expect(await cloud.as('admin').refused('user/getUser', target('nobody'))).toBe('NOT_FOUND')
  })
})
