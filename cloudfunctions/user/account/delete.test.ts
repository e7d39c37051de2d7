import { beforeEach, describe, expect, it } from 'vitest'
import { type UnitCloud, unitCloud } from '../../../test/support/unit.ts'

let cloud: UnitCloud
beforeEach(async () => {
  cloud = await unitCloud()
})

const address = {
  name: '张三',
  phone: '13800138000',
  province: '广东省',
  city: '深圳市',
  district: '南山区',
  detail: '科技园 1 号',
}

describe('user/deleteAccount', () => {
  it('erases what tells about the person and leaves a mark', async () => {
    const userId = cloud.openid('buyer1')
    await cloud.as('buyer1').ok('user/login')
    await cloud.as('buyer1').ok('user/updateProfile', { nickname: '小明' })
    const { code } = await cloud.wechat.control.phoneCodes.issue(userId)
    await cloud.as('buyer1').ok('user/bindPhone', { code })
    await cloud.as('buyer1').ok('user/addAddress', address)
    await cloud.as('admin').ok('user/grantRole', { userId, role: 'finance' })

    await cloud.as('buyer1').ok('user/deleteAccount', { confirm: true })

    expect(await cloud.collection('users').get(userId)).toMatchObject({
      status: 'deleted',
      nickname: '已注销用户',
      phone: null,
      phoneProof: null,
      deletedAtMs: cloud.clock.nowMs(),
    })
    expect(await cloud.collection('addresses').get(userId)).toBeUndefined()
    expect(await cloud.collection('grants').get(userId)).toBeUndefined()
  })

  it('takes the person out of departments and their messages away', async () => {
    const userId = cloud.openid('manager1')
    await cloud.as('manager1').ok('user/login')
    const { departmentId } = await cloud
      .as('admin')
      .ok<{ departmentId: string }>('user/createDepartment', { name: '技术部', managerIds: [userId] })
    await cloud.as('admin').ok('user/setMember', { userId, departmentId })
    await cloud.collection('inbox_messages').insert({ _id: 'm1', userId })

    await cloud.as('manager1').ok('user/deleteAccount', { confirm: true })

    expect(await cloud.collection('departments').get(departmentId)).toMatchObject({
      memberCount: 0,
      managerIds: [],
    })
    expect(await cloud.collection('department_members').get(userId)).toBeUndefined()
    expect(await cloud.collection('inbox_messages').all()).toEqual([])
  })

  it('does nothing more the second time', async () => {
    await cloud.as('buyer1').ok('user/login')
    const first = await cloud.as('buyer1').ok('user/deleteAccount', { confirm: true })
    await cloud.clock.advance(1000)
    expect(await cloud.as('buyer1').ok('user/deleteAccount', { confirm: true })).toEqual(first)
  })

  it('wants to be confirmed, and needs an account', async () => {
    expect(await cloud.as('buyer1').refused('user/deleteAccount', {})).toBe('INVALID_INPUT')
    expect(await cloud.as('buyer1').refused('user/deleteAccount', { confirm: true })).toBe('NOT_FOUND')
  })
})
