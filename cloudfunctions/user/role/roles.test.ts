import { beforeEach, describe, expect, it } from 'vitest'
import { type UnitCloud, unitCloud } from '../../../test/support/unit.ts'

let cloud: UnitCloud
beforeEach(async () => {
  cloud = await unitCloud()
  for (const name of ['admin', 'buyer1', 'manager1']) await cloud.as(name).ok('user/login')
})

const grant = (name: string, role: string) => ({ userId: cloud.openid(name), role })
const packer = { name: 'packer', title: '打包员', permissions: ['order:ship', 'order:read'] }
/** Somebody who may hand out roles, and not much more. */
async function makeRoleManager(name: string): Promise<void> {
  const role = { name: 'role_keeper', title: '授权员', permissions: ['role:manage', 'order:read'] }
  await cloud.as('admin').ok('user/createRole', role)
  await cloud.as('admin').ok('user/grantRole', grant(name, 'role_keeper'))
}

describe('user/listRoles', () => {
  it('shows built-in and own roles with their permissions', async () => {
    await cloud.as('admin').ok('user/createRole', packer)
    const { roles, permissions } = await cloud
      .as('admin')
      .ok<{ roles: { name: string; builtIn: boolean }[]; permissions: { permission: string }[] }>(
        'user/listRoles',
      )
    expect(roles.map(({ name }) => name)).toEqual([
      'customer_service',
      'warehouse',
      'operator',
      'finance',
      'content_moderator',
      'hr',
      'admin',
      'packer',
    ])
    expect(roles.at(-1)).toMatchObject({ builtIn: false })
    expect(permissions).toContainEqual({ permission: 'order:ship', title: '发货' })
  })
})

describe('user/createRole', () => {
  it('creates a role once for a repeated request, and leaves a trace', async () => {
    const options = { requestId: 'request-0001' }
    await cloud.as('admin').ok('user/createRole', packer, options)
    await cloud.as('admin').ok('user/createRole', packer, options)
    const other = { ...packer, name: 'sorter' }
    expect(await cloud.as('admin').refused('user/createRole', other, options)).toBe('REQUEST_ID_REUSED')
    expect(await cloud.collection('roles').get('packer')).toMatchObject({
      permissions: ['order:read', 'order:ship'],
    })
    const entries = await cloud.collection('audit_entries').all()
    expect(entries.filter(({ action }) => action === 'role.create')).toMatchObject([
      { subject: 'role/packer' },
    ])
  })

  it('refuses a name that is taken or built in', async () => {
    await cloud.as('admin').ok('user/createRole', packer)
    expect(await cloud.as('admin').refused('user/createRole', packer)).toBe('ROLE_EXISTS')
    expect(await cloud.as('admin').refused('user/createRole', { ...packer, name: 'hr' })).toBe(
      'ROLE_BUILT_IN',
    )
  })

  it.each([
    ['a permission that no route asks for', { permissions: ['order:shipp'] }],
    ['the permission for everything', { permissions: ['*'] }],
    ['what every object has', { permissions: ['toString'] }],
    ['a name with capitals', { name: 'Packer' }],
  ])('refuses %s', async (_what, wrong) => {
    expect(await cloud.as('admin').refused('user/createRole', { ...packer, ...wrong })).toBe('INVALID_INPUT')
  })

  it('refuses permissions that the caller does not hold', async () => {
    await makeRoleManager('manager1')
    const refusal = await cloud.as('manager1').call('user/createRole', packer)
    expect(refusal).toMatchObject({ error: 'FORBIDDEN', details: { needs: 'order:ship' } })
    expect(await cloud.collection('roles').get('packer')).toBeUndefined()
  })
})

describe('user/updateRole', () => {
  it('changes what holders may do', async () => {
    await cloud.as('admin').ok('user/createRole', packer)
    await cloud.as('admin').ok('user/grantRole', grant('buyer1', 'packer'))
    await cloud.as('admin').ok('user/updateRole', { ...packer, permissions: ['user:read'] })
    await cloud.clock.advance(60_000)
    expect(await cloud.as('buyer1').ok('user/listUsers')).toMatchObject({ nextCursor: null })
  })

  it('lets what was there stay, and refuses what the caller would add without holding it', async () => {
    await cloud.as('admin').ok('user/createRole', packer)
    await makeRoleManager('manager1')
    await cloud.as('manager1').ok('user/updateRole', { ...packer, title: '打包' })
    const more = { ...packer, permissions: [...packer.permissions, 'payment:refund'] }
    expect(await cloud.as('manager1').refused('user/updateRole', more)).toBe('FORBIDDEN')
  })

  it('refuses unknown and built-in roles', async () => {
    expect(await cloud.as('admin').refused('user/updateRole', packer)).toBe('ROLE_UNKNOWN')
    expect(await cloud.as('admin').refused('user/updateRole', { ...packer, name: 'admin' })).toBe(
      'ROLE_BUILT_IN',
    )
  })
})

describe('user/removeRole', () => {
  it('removes a role that nobody holds', async () => {
    await cloud.as('admin').ok('user/createRole', packer)
    await cloud.as('admin').ok('user/removeRole', { name: 'packer' })
    expect(await cloud.as('admin').refused('user/removeRole', { name: 'packer' })).toBe('ROLE_UNKNOWN')
  })

  it('refuses one that somebody holds, and built-in ones', async () => {
    await cloud.as('admin').ok('user/createRole', packer)
    await cloud.as('admin').ok('user/grantRole', grant('buyer1', 'packer'))
    expect(await cloud.as('admin').refused('user/removeRole', { name: 'packer' })).toBe('ROLE_IN_USE')
    expect(await cloud.as('admin').refused('user/removeRole', { name: 'hr' })).toBe('ROLE_BUILT_IN')
  })

  it('never leaves somebody with a role that is gone when both happen at the same time', async () => {
    await cloud.as('admin').ok('user/createRole', packer)
    const [granted, removed] = await Promise.all([
      cloud.as('admin').call('user/grantRole', grant('buyer1', 'packer')),
      cloud.as('admin').call('user/removeRole', { name: 'packer' }),
    ])
    expect([granted.code, removed.code].filter((code) => code === 0)).toHaveLength(1)
  })
})

describe('user/grantRole', () => {
  it('opens the routes of the role at once', async () => {
    expect(await cloud.as('buyer1').refused('user/listUsers')).toBe('FORBIDDEN')
    await cloud.as('admin').ok('user/grantRole', grant('buyer1', 'hr'))
    expect(await cloud.as('buyer1').ok('user/listUsers')).toMatchObject({ nextCursor: null })
  })

  it('adds to the roles that are there, and a second grant changes nothing', async () => {
    await cloud.as('admin').ok('user/grantRole', grant('buyer1', 'hr'))
    await cloud.as('admin').ok('user/grantRole', grant('buyer1', 'finance'))
    const reply = await cloud.as('admin').ok('user/grantRole', grant('buyer1', 'finance'))
    expect(reply).toMatchObject({ roles: ['hr', 'finance'] })
  })

  it('refuses an unknown role, an unknown user and a deleted one', async () => {
    expect(await cloud.as('admin').refused('user/grantRole', grant('buyer1', 'packer'))).toBe('ROLE_UNKNOWN')
    expect(await cloud.as('admin').refused('user/grantRole', grant('nobody', 'hr'))).toBe('NOT_FOUND')
    await cloud.as('buyer1').ok('user/deleteAccount', { confirm: true })
    expect(await cloud.as('admin').refused('user/grantRole', grant('buyer1', 'hr'))).toBe('ACCOUNT_DELETED')
  })

  it('is not a way to become an administrator', async () => {
    await makeRoleManager('manager1')
    expect(await cloud.as('manager1').refused('user/grantRole', grant('manager1', 'admin'))).toBe('FORBIDDEN')
    expect(await cloud.as('manager1').refused('user/grantRole', grant('buyer1', 'finance'))).toBe('FORBIDDEN')
    expect(await cloud.as('buyer1').refused('user/grantRole', grant('buyer1', 'hr'))).toBe('FORBIDDEN')
  })
})

describe('user/revokeRole', () => {
  it('closes the routes of the role, and does nothing the second time', async () => {
    await cloud.as('admin').ok('user/grantRole', grant('buyer1', 'hr'))
    expect(await cloud.as('admin').ok('user/revokeRole', grant('buyer1', 'hr'))).toMatchObject({ roles: [] })
    expect(await cloud.as('buyer1').refused('user/listUsers')).toBe('FORBIDDEN')
    expect(await cloud.as('admin').ok('user/revokeRole', grant('buyer1', 'hr'))).toMatchObject({ roles: [] })
  })

  it('takes nothing away that the caller could not give', async () => {
    await makeRoleManager('manager1')
    await cloud.as('admin').ok('user/grantRole', grant('buyer1', 'admin'))
    expect(await cloud.as('manager1').refused('user/revokeRole', grant('buyer1', 'admin'))).toBe('FORBIDDEN')
  })
})

describe('user/listStaff', () => {
  it('shows who holds which role, all or of one role', async () => {
    await cloud.as('admin').ok('user/grantRole', grant('buyer1', 'hr'))
    await cloud.as('admin').ok('user/grantRole', grant('manager1', 'finance'))
    expect(await cloud.as('admin').ok<{ items: unknown[] }>('user/listStaff')).toMatchObject({
      items: expect.arrayContaining([expect.anything(), expect.anything()]),
    })
    expect(await cloud.as('admin').ok('user/listStaff', { role: 'hr' })).toEqual({
      items: [{ userId: cloud.openid('buyer1'), nickname: '微信用户', roles: ['hr'] }],
      nextCursor: null,
    })
  })
})

describe('user/installRoles', () => {
  it('stores the built-in roles as the code has them', async () => {
    await cloud.as('admin').ok('user/grantRole', grant('buyer1', 'hr'))
    await cloud.collection('roles').set('hr', { permissions: [] })
    await cloud.as('admin').ok('user/installRoles')
    expect(await cloud.collection('roles').all()).toHaveLength(7)
    expect(await cloud.collection('roles').get('hr')).toMatchObject({
      permissions: [
        'approval:design',
        'approval:manage',
        'approval:read',
        'org:manage',
        'org:read',
        'user:read',
        'web-admin:sign-in',
      ],
    })
  })

  it('is for who may do everything', async () => {
    await makeRoleManager('manager1')
    expect(await cloud.as('manager1').refused('user/installRoles')).toBe('FORBIDDEN')
  })
})

describe('a customer', () => {
  it.each(['listRoles', 'listStaff', 'installRoles'])('may not call %s', async (route) => {
    expect(await cloud.as('buyer1').refused(`user/${route}`)).toBe('FORBIDDEN')
  })
  it.each(['createRole', 'updateRole'])('may not call %s', async (route) => {
    expect(await cloud.as('buyer1').refused(`user/${route}`, packer)).toBe('FORBIDDEN')
  })
  it('may not take roles away or remove them', async () => {
    expect(await cloud.as('buyer1').refused('user/revokeRole', grant('manager1', 'hr'))).toBe('FORBIDDEN')
    expect(await cloud.as('buyer1').refused('user/removeRole', { name: 'packer' })).toBe('FORBIDDEN')
  })
})
