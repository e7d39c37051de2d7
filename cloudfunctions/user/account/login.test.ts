import { beforeEach, describe, expect, it } from 'vitest'
import { type UnitCloud, unitCloud } from '../../../test/support/unit.ts'

interface Login {
  profile: { userId: string; nickname: string; phone: string | null }
  isNew: boolean
  roles: string[]
  permissions: string[]
}

let cloud: UnitCloud
beforeEach(async () => {
  cloud = await unitCloud()
})

describe('user/login', () => {
  it('creates the account on the first call and finds it on the second', async () => {
    const first = await cloud.as('buyer1').ok<Login>('user/login')
    expect(first).toMatchObject({ isNew: true, roles: [], permissions: [] })
    expect(first.profile).toMatchObject({ userId: cloud.openid('buyer1'), nickname: '微信用户', phone: null })
    const second = await cloud.as('buyer1').ok<Login>('user/login')
    expect(second).toEqual({ ...first, isNew: false })
    expect(await cloud.collection('users').all()).toHaveLength(1)
  })

  it('makes one account out of ten first calls at the same time, and says so to one of them', async () => {
    const replies = await Promise.all(
      Array.from({ length: 10 }, () => cloud.as('buyer1').ok<Login>('user/login')),
    )
    expect(replies.filter(({ isNew }) => isNew)).toHaveLength(1)
    expect(await cloud.collection('users').all()).toHaveLength(1)
  })

  it('writes the time of the login once an hour, not at every start', async () => {
    await cloud.as('buyer1').ok('user/login')
    await cloud.clock.advance(60_000)
    await cloud.as('buyer1').ok('user/login')
    const quiet = await cloud.collection('users').get(cloud.openid('buyer1'))
    expect(quiet?.lastLoginAtMs).toBe(cloud.clock.nowMs() - 60_000)
    await cloud.clock.advance(3_600_000)
    await cloud.as('buyer1').ok('user/login')
    const later = await cloud.collection('users').get(cloud.openid('buyer1'))
    expect(later?.lastLoginAtMs).toBe(cloud.clock.nowMs())
  })

  it('tells an operator of the environment that everything is allowed', async () => {
    expect((await cloud.as('admin').ok<Login>('user/login')).permissions).toEqual(['*'])
  })

  it('tells a member of staff their roles and permissions', async () => {
    await cloud.as('buyer1').ok('user/login')
    await cloud.as('admin').ok('user/grantRole', { userId: cloud.openid('buyer1'), role: 'warehouse' })
    const { roles, permissions } = await cloud.as('buyer1').ok<Login>('user/login')
    expect(roles).toEqual(['warehouse'])
    expect(permissions).toContain('order:ship')
    expect(permissions).not.toContain('payment:refund')
  })

  it('keeps a deleted account closed until its owner asks for a fresh one', async () => {
    await cloud.as('buyer1').ok('user/login')
    await cloud.as('buyer1').ok('user/updateProfile', { nickname: '小明' })
    await cloud.as('buyer1').ok('user/deleteAccount', { confirm: true })
    expect(await cloud.as('buyer1').refused('user/login')).toBe('ACCOUNT_DELETED')
    const fresh = await cloud.as('buyer1').ok<Login>('user/login', { reopen: true })
    expect(fresh.isNew).toBe(true)
    expect(fresh.profile.nickname).toBe('微信用户')
  })

  it('shuts out a banned user', async () => {
    await cloud.as('buyer1').ok('user/login')
    await cloud.as('admin').ok('user/ban', { userId: cloud.openid('buyer1'), reason: '刷单' })
    expect(await cloud.as('buyer1').refused('user/login')).toBe('USER_BANNED')
  })

  it('asks who is calling', async () => {
    expect(await cloud.asFunction().refused('user/login')).toBe('UNAUTHENTICATED')
  })

  it('takes the caller from the platform, never from the event', async () => {
    const forged = { $url: 'login', data: {}, openid: 'oSomebodyElse', userInfo: { openId: 'oSomebodyElse' } }
    await cloud.as('buyer1').send('user', forged)
    expect((await cloud.collection('users').all()).map(({ _id }) => _id)).toEqual([cloud.openid('buyer1')])
  })
})
