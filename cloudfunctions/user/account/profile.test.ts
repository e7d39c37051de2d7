import { beforeEach, describe, expect, it } from 'vitest'
import { type UnitCloud, unitCloud } from '../../../test/support/unit.ts'

let cloud: UnitCloud
beforeEach(async () => {
  cloud = await unitCloud()
})

describe('user/profile', () => {
  it('shows the own account by one database request', async () => {
    await cloud.as('buyer1').ok('user/login')
    await cloud.as('buyer1').ok('user/profile')
    expect(await cloud.as('buyer1').ok('user/profile')).toMatchObject({
      nickname: '微信用户',
      gender: 'unknown',
    })
    expect(cloud.databaseCalls()).toBe(1)
  })

  it('is not found before the first login', async () => {
    expect(await cloud.as('buyer1').refused('user/profile')).toBe('NOT_FOUND')
  })

  it('is refused after the account was deleted', async () => {
    await cloud.as('buyer1').ok('user/login')
    await cloud.as('buyer1').ok('user/deleteAccount', { confirm: true })
    expect(await cloud.as('buyer1').refused('user/profile')).toBe('ACCOUNT_DELETED')
  })
})

describe('user/updateProfile', () => {
  it('changes what is named and keeps the rest', async () => {
    await cloud.as('buyer1').ok('user/login')
    const avatarFileId = 'cloud://env.bucket/avatars/1.png'
    await cloud.as('buyer1').ok('user/updateProfile', { avatarFileId })
    const profile = await cloud.as('buyer1').ok('user/updateProfile', { nickname: ' 小明 ' })
    expect(profile).toMatchObject({ nickname: '小明', avatarFileId })
  })

  it.each([
    ['nothing', {}],
    ['an empty nickname', { nickname: '   ' }],
    ['a nickname that is too long', { nickname: 'x'.repeat(33) }],
    ['an avatar from somewhere else', { avatarFileId: 'https://example.com/a.png' }],
    ['a field of the wrong type', { gender: 1 }],
  ])('refuses %s', async (_what, data) => {
    await cloud.as('buyer1').ok('user/login')
    expect(await cloud.as('buyer1').refused('user/updateProfile', data)).toBe('INVALID_INPUT')
  })

  it('is refused before the first login and after deletion', async () => {
    expect(await cloud.as('buyer1').refused('user/updateProfile', { nickname: 'a' })).toBe('NOT_FOUND')
    await cloud.as('buyer1').ok('user/login')
    await cloud.as('buyer1').ok('user/deleteAccount', { confirm: true })
    expect(await cloud.as('buyer1').refused('user/updateProfile', { nickname: 'a' })).toBe('ACCOUNT_DELETED')
  })
})
