import { beforeEach, describe, expect, it } from 'vitest'
import { type UnitCloud, unitCloud } from '../../../test/support/unit.ts'

const MINUTE_MS = 60_000

let cloud: UnitCloud
beforeEach(async () => {
  cloud = await unitCloud()
})

const admin = () => cloud.as('admin')
interface Listed {
  version: number
  settings: { name: string; value: unknown; isSet: boolean }[]
  flags: { name: string; percent: number }[]
}
const list = () => admin().ok<Listed>('ops/listSettings')
const settingNamed = async (name: string) => (await list()).settings.find((item) => item.name === name)
const featuresOf = async (user: string) =>
  (await cloud.as(user).ok<{ features: Record<string, boolean> }>('ops/features')).features

describe('ops/setSetting', () => {
  it('changes a value, and takes it back to the default', async () => {
    expect(await settingNamed('backupKeepDays')).toMatchObject({ value: 14, isSet: false })
    await admin().ok('ops/setSetting', { name: 'backupKeepDays', value: 30, version: 0 })
    expect(await settingNamed('backupKeepDays')).toMatchObject({ value: 30, isSet: true })
    expect(await admin().ok('ops/setSetting', { name: 'backupKeepDays', version: 1 })).toEqual({ version: 2 })
    expect(await settingNamed('backupKeepDays')).toMatchObject({ value: 14, isSet: false })
    const actions = (await cloud.collection('audit_entries').all()).map(({ subject }) => subject)
    expect(actions).toEqual(['setting/backupKeepDays', 'setting/backupKeepDays'])
  })

  it.each([
    ['backupKeepDays', 2],
    ['backupKeepDays', '30'],
    ['backupKeepDays', null],
    ['plan', { callsPerMonth: 1 }],
    ['alarmFailedPercent', 101],
  ])('refuses %s = %j', async (name, value) => {
    expect(await admin().refused('ops/setSetting', { name, value, version: 0 })).toBe('INVALID_INPUT')
    expect(await settingNamed(name)).toMatchObject({ isSet: false })
  })

  it.each(['nothing', 'toString', '__proto__'])('refuses the unknown setting %s', async (name) => {
    expect(await admin().refused('ops/setSetting', { name, value: 1, version: 0 })).toBe('SETTING_UNKNOWN')
  })

  it('lets only one of two operators change what both have read', async () => {
    const change = (value: number) =>
      admin().call('ops/setSetting', { name: 'backupKeepDays', value, version: 0 })
    const replies = await Promise.all([change(20), change(25)])
    expect(replies.map((reply) => ('error' in reply ? reply.error : 'done')).sort()).toEqual([
      'STALE',
      'done',
    ])
    expect((await list()).version).toBe(1)
  })
})

describe('ops/setFlag', () => {
  it('reaches an instance that runs already within a minute', async () => {
    expect(await featuresOf('buyer1')).toEqual({ community: false, collab: false })
    // As another instance would write it: this one does not hear of it.
    await cloud.collection('runtime_settings').insert({
      _id: 'all',
      settings: {},
      flags: { community: { percent: 100, userIds: [] } },
      version: 1,
      updatedAtMs: 1,
    })
    expect(await featuresOf('buyer1')).toMatchObject({ community: false })
    await cloud.clock.advance(MINUTE_MS)
    expect(await featuresOf('buyer1')).toMatchObject({ community: true })
  })

  it('is on for users by name and for a share, and shows at once where it was set', async () => {
    const userIds = [cloud.openid('buyer1')]
    await featuresOf('buyer1')
    await admin().ok('ops/setFlag', { name: 'community', percent: 0, userIds, version: 0 })
    expect(await featuresOf('buyer1')).toEqual({ community: true, collab: false })
    expect(await featuresOf('buyer2')).toEqual({ community: false, collab: false })
    await admin().ok('ops/setFlag', { name: 'community', percent: 100, userIds: [], version: 1 })
    expect(await featuresOf('buyer2')).toMatchObject({ community: true })
    expect((await list()).flags).toMatchObject([{ name: 'community', percent: 100 }, { percent: 0 }])
  })

  it('refuses unknown flags, impossible shares and an old version', async () => {
    const flag = { name: 'community', percent: 10, userIds: [], version: 0 }
    expect(await admin().refused('ops/setFlag', { ...flag, name: 'constructor' })).toBe('SETTING_UNKNOWN')
    expect(await admin().refused('ops/setFlag', { ...flag, percent: 101 })).toBe('INVALID_INPUT')
    expect(await admin().refused('ops/setFlag', { ...flag, version: 3 })).toBe('STALE')
  })
})
