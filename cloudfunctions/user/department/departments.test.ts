import { beforeEach, describe, expect, it } from 'vitest'
import { type UnitCloud, unitCloud } from '../../../test/support/unit.ts'
import type { DepartmentNode } from './model.ts'

let cloud: UnitCloud
beforeEach(async () => {
  cloud = await unitCloud()
  for (const name of ['buyer1', 'manager1']) await cloud.as(name).ok('user/login')
})

const create = async (name: string, parentId: string | null = null, managerIds: string[] = []) =>
  (
    await cloud
      .as('admin')
      .ok<{ departmentId: string }>('user/createDepartment', { name, parentId, managerIds })
  ).departmentId
const tree = async () =>
  (await cloud.as('admin').ok<{ departments: DepartmentNode[] }>('user/departmentTree')).departments
const stored = (id: string) => cloud.collection('departments').get(id)

describe('user/createDepartment', () => {
  it('puts departments below each other', async () => {
    const head = await create('总部')
    await create('技术部', head)
    await create('财务部', head)
    expect(await tree()).toMatchObject([{ name: '总部', children: [{ name: '财务部' }, { name: '技术部' }] }])
    expect(await stored(head)).toMatchObject({ childCount: 2 })
  })

  it('creates once for a repeated request', async () => {
    const input = { name: '总部' }
    const options = { requestId: 'request-0001' }
    const first = await cloud.as('admin').ok('user/createDepartment', input, options)
    expect(await cloud.as('admin').ok('user/createDepartment', input, options)).toEqual(first)
    const other = { name: '分部' }
    expect(await cloud.as('admin').refused('user/createDepartment', other, options)).toBe('REQUEST_ID_REUSED')
    expect(await tree()).toHaveLength(1)
  })

  it('refuses an unknown parent, and more than twenty levels', async () => {
    const refusal = await cloud.as('admin').refused('user/createDepartment', { name: 'x', parentId: 'none' })
    expect(refusal).toBe('NOT_FOUND')
    let parentId: string | null = null
    for (let level = 1; level <= 20; level++) parentId = await create(`${level}`, parentId)
    expect(await cloud.as('admin').refused('user/createDepartment', { name: '21', parentId })).toBe(
      'DEPARTMENT_TOO_DEEP',
    )
  })

  it('refuses one more than allowed', async () => {
    const blank = {
      parentId: null,
      managerIds: [],
      sort: 0,
      childCount: 0,
      memberCount: 0,
      revision: 1,
      updatedAtMs: 0,
    }
    const many = Array.from({ length: 1000 }, (_, i) => ({ _id: `dep_${i}`, name: `${i}`, ...blank }))
    await cloud.collection('departments').insert(...many)
    expect(await cloud.as('admin').refused('user/createDepartment', { name: 'x' })).toBe('DEPARTMENT_LIMIT')
  })
})

describe('user/updateDepartment', () => {
  it('changes name, managers and order', async () => {
    const id = await create('技术')
    const managerIds = [cloud.openid('manager1')]
    await cloud
      .as('admin')
      .ok('user/updateDepartment', { departmentId: id, name: '技术部', managerIds, sort: 3 })
    expect(await tree()).toMatchObject([{ name: '技术部', managerIds }])
  })

  it('refuses an unknown department', async () => {
    const input = { departmentId: 'none', name: 'x' }
    expect(await cloud.as('admin').refused('user/updateDepartment', input)).toBe('NOT_FOUND')
  })
})

describe('user/moveDepartment', () => {
  const move = (departmentId: string, parentId: string | null) =>
    cloud.as('admin').call('user/moveDepartment', { departmentId, parentId })

  it('takes everything below along and keeps the counts right', async () => {
    const [a, b] = [await create('a'), await create('b')]
    const child = await create('child', a)
    await create('grandchild', child)
    expect(await move(child, b)).toMatchObject({ code: 0 })
    expect(await tree()).toMatchObject([
      { name: 'a', children: [] },
      { name: 'b', children: [{ name: 'child', children: [{ name: 'grandchild' }] }] },
    ])
    expect(await stored(a)).toMatchObject({ childCount: 0 })
    expect(await stored(b)).toMatchObject({ childCount: 1 })
  })

  it('moves up within its own line, to the top, and nowhere', async () => {
    const a = await create('a')
    const b = await create('b', a)
    const c = await create('c', b)
    await move(c, a)
    expect(await stored(a)).toMatchObject({ childCount: 2 })
    expect(await stored(b)).toMatchObject({ childCount: 0 })
    await move(c, null)
    await move(c, null)
    expect(await stored(a)).toMatchObject({ childCount: 1 })
    expect((await tree()).map(({ name }) => name)).toEqual(['a', 'c'])
  })

  it('refuses to put a department below itself', async () => {
    const a = await create('a')
    const b = await create('b', a)
    const c = await create('c', b)
    expect(await move(a, a)).toMatchObject({ error: 'DEPARTMENT_CYCLE' })
    expect(await move(a, c)).toMatchObject({ error: 'DEPARTMENT_CYCLE' })
    expect(await move('none', a)).toMatchObject({ error: 'NOT_FOUND' })
    expect(await move(a, 'none')).toMatchObject({ error: 'NOT_FOUND' })
  })

  it('writes every department above the new place, so that a move of one of them at the same time conflicts', async () => {
    const top = await create('top')
    const middle = await create('middle', top)
    const moved = await create('moved')
    const before = [await stored(top), await stored(middle)].map((department) => Number(department?.revision))
    await move(moved, middle)
    const after = [await stored(top), await stored(middle)].map((department) => Number(department?.revision))
    expect(after).toEqual(before.map((revision) => revision + 1))
  })

  it('never closes a circle, also when two moves that would are made at the same time', async () => {
    const [a, b] = [await create('a'), await create('b')]
    const [belowA, belowB] = [await create('below a', a), await create('below b', b)]
    const replies = await Promise.all([move(a, belowB), move(b, belowA)])
    expect(replies.filter(({ code }) => code === 0)).toHaveLength(1)
    await cloud.clock.advance(60_000)
    const names = JSON.stringify(await tree())
    for (const name of ['a', 'b', 'below a', 'below b']) expect(names).toContain(`"name":"${name}"`)
  })
})

describe('user/removeDepartment', () => {
  it('removes an empty one and corrects its parent', async () => {
    const a = await create('a')
    const b = await create('b', a)
    await cloud.as('admin').ok('user/removeDepartment', { departmentId: b })
    expect(await stored(a)).toMatchObject({ childCount: 0 })
    await cloud.as('admin').ok('user/removeDepartment', { departmentId: a })
    expect(await tree()).toEqual([])
    expect(await cloud.as('admin').refused('user/removeDepartment', { departmentId: a })).toBe('NOT_FOUND')
  })

  it('refuses one with children or members', async () => {
    const a = await create('a')
    const b = await create('b', a)
    await cloud.as('admin').ok('user/setMember', { userId: cloud.openid('buyer1'), departmentId: b })
    expect(await cloud.as('admin').refused('user/removeDepartment', { departmentId: a })).toBe(
      'DEPARTMENT_IN_USE',
    )
    expect(await cloud.as('admin').refused('user/removeDepartment', { departmentId: b })).toBe(
      'DEPARTMENT_IN_USE',
    )
  })
})

describe('members', () => {
  const members = (departmentId: string) => cloud.as('admin').ok('user/listMembers', { departmentId })

  it('are put into a department, into another one, and out of it', async () => {
    const [a, b] = [await create('a'), await create('b')]
    const userId = cloud.openid('buyer1')
    await cloud.as('admin').ok('user/setMember', { userId, departmentId: a, title: '工程师' })
    await cloud.as('admin').ok('user/setMember', { userId, departmentId: a, title: '高级工程师' })
    expect(await members(a)).toMatchObject({ items: [{ userId, nickname: '微信用户', title: '高级工程师' }] })
    expect(await stored(a)).toMatchObject({ memberCount: 1 })

    await cloud.as('admin').ok('user/setMember', { userId, departmentId: b })
    expect(await stored(a)).toMatchObject({ memberCount: 0 })
    expect(await stored(b)).toMatchObject({ memberCount: 1 })

    expect(await cloud.as('admin').ok('user/removeMember', { userId })).toEqual({ removed: true })
    expect(await cloud.as('admin').ok('user/removeMember', { userId })).toEqual({ removed: false })
    expect(await members(b)).toEqual({ items: [], nextCursor: null })
  })

  it('are known users of known departments', async () => {
    const departmentId = await create('a')
    const set = (userId: string, id: string) =>
      cloud.as('admin').refused('user/setMember', { userId, departmentId: id })
    expect(await set(cloud.openid('nobody'), departmentId)).toBe('NOT_FOUND')
    expect(await set(cloud.openid('buyer1'), 'none')).toBe('NOT_FOUND')
    await cloud.as('buyer1').ok('user/deleteAccount', { confirm: true })
    expect(await set(cloud.openid('buyer1'), departmentId)).toBe('ACCOUNT_DELETED')
  })
})

describe('user/managersOf', () => {
  it('climbs from the own department to the top', async () => {
    const [boss, lead] = [cloud.openid('admin'), cloud.openid('manager1')]
    const head = await create('总部', null, [boss])
    const tech = await create('技术部', head, [lead])
    const userId = cloud.openid('buyer1')
    await cloud.as('admin').ok('user/setMember', { userId, departmentId: tech })
    const managers = (level?: number) => cloud.as('admin').ok('user/managersOf', { userId, level })
    expect(await managers()).toEqual({ managerIds: [lead] })
    expect(await managers(2)).toEqual({ managerIds: [boss] })
    expect(await managers(3)).toEqual({ managerIds: [] })
  })

  it('knows nobody for whoever is in no department', async () => {
    expect(await cloud.as('admin').ok('user/managersOf', { userId: cloud.openid('buyer1') })).toEqual({
      managerIds: [],
    })
  })
})

describe('user/myDepartments', () => {
  it('shows the own line up to the top', async () => {
    const head = await create('总部')
    const tech = await create('技术部', head)
    await cloud.as('admin').ok('user/setMember', { userId: cloud.openid('buyer1'), departmentId: tech })
    const { departments } = await cloud.as('buyer1').ok<{ departments: unknown }>('user/myDepartments')
    expect(departments).toMatchObject([{ name: '技术部' }, { name: '总部' }])
    expect(await cloud.as('manager1').ok('user/myDepartments')).toEqual({ departments: [] })
  })
})

describe('a customer', () => {
  it.each([
    ['departmentTree', {}],
    ['createDepartment', { name: 'x' }],
    ['updateDepartment', { departmentId: 'x', name: 'x' }],
    ['moveDepartment', { departmentId: 'x', parentId: null }],
    ['removeDepartment', { departmentId: 'x' }],
    ['listMembers', { departmentId: 'x' }],
    ['setMember', { userId: 'x', departmentId: 'x' }],
    ['removeMember', { userId: 'x' }],
    ['managersOf', { userId: 'x' }],
  ])('may not call %s', async (route, data) => {
    expect(await cloud.as('buyer1').refused(`user/${route}`, data)).toBe('FORBIDDEN')
  })
})
