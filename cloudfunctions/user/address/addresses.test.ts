import { beforeEach, describe, expect, it } from 'vitest'
import { type UnitCloud, unitCloud } from '../../../test/support/unit.ts'
import type { Address } from './book.ts'

let cloud: UnitCloud
beforeEach(async () => {
  cloud = await unitCloud()
})

const home = {
  name: '张三',
  phone: '13800138000',
  province: '广东省',
  city: '深圳市',
  district: '南山区',
  detail: '科技园 1 号',
}

const add = async (data: object, requestId?: string) =>
  (await cloud.as('buyer1').ok<{ addressId: string }>('user/addAddress', data, { requestId })).addressId
const list = async (name = 'buyer1') =>
  (await cloud.as(name).ok<{ items: Address[] }>('user/listAddresses')).items

describe('user/addAddress', () => {
  it('adds an address, and the first one becomes the default', async () => {
    const first = await add(home)
    await cloud.clock.advance(1)
    const second = await add({ ...home, name: '李四' })
    expect((await list()).map(({ _id, isDefault }) => [_id, isDefault])).toEqual([
      [first, true],
      [second, false],
    ])
  })

  it('takes over as the default when asked to', async () => {
    await add(home)
    const second = await add({ ...home, isDefault: true })
    expect((await list()).filter(({ isDefault }) => isDefault).map(({ _id }) => _id)).toEqual([second])
  })

  it('refuses a request id that comes again with another address', async () => {
    await add(home, 'request-0001')
    const other = { ...home, detail: '科技园 2 号' }
    const options = { requestId: 'request-0001' }
    expect(await cloud.as('buyer1').refused('user/addAddress', other, options)).toBe('REQUEST_ID_REUSED')
    expect(await list()).toMatchObject([{ detail: home.detail }])
  })

  it('adds once for ten tries of the same request at the same time', async () => {
    const ids = await Promise.all(Array.from({ length: 10 }, () => add(home, 'request-0001')))
    expect(new Set(ids).size).toBe(1)
    expect(await list()).toHaveLength(1)
  })

  it('keeps to twenty, also when the last ones come at the same time', async () => {
    for (let i = 0; i < 18; i++) await add({ ...home, detail: `${i} 号` })
    const replies = await Promise.all(
      Array.from({ length: 4 }, () => cloud.as('buyer1').call('user/addAddress', home)),
    )
    expect(replies.filter(({ code }) => code === 0).length).toBeLessThanOrEqual(2)
    while ((await list()).length < 20) await add(home)
    expect(await cloud.as('buyer1').refused('user/addAddress', home)).toBe('ADDRESS_LIMIT')
    expect(await list()).toHaveLength(20)
  })

  it('asks to try again when too many come at the same time, and keeps those that it took', async () => {
    const replies = await Promise.all(
      Array.from({ length: 8 }, () => cloud.as('buyer1').call('user/addAddress', home)),
    )
    const refused = replies.flatMap((reply) => ('error' in reply ? [reply.error] : []))
    expect(new Set(refused)).toEqual(new Set(['BUSY']))
    expect(await list()).toHaveLength(8 - refused.length)
  })

  it.each([
    ['a landline', { phone: '075512345678' }],
    ['a foreign number', { phone: '+14155552671' }],
    ['an empty name', { name: ' ' }],
    ['a missing district', { district: undefined }],
    ['an endless detail', { detail: 'x'.repeat(121) }],
  ])('refuses %s', async (_what, wrong) => {
    expect(await cloud.as('buyer1').refused('user/addAddress', { ...home, ...wrong })).toBe('INVALID_INPUT')
  })

  it('wants a request id, because it may be repeated', async () => {
    const reply = await cloud.as('buyer1').call('user/addAddress', home, { requestId: null })
    expect(reply).toMatchObject({ error: 'REQUEST_ID_REQUIRED' })
  })
})

describe('user/updateAddress', () => {
  it('changes the named fields', async () => {
    const addressId = await add(home)
    const changed = await cloud.as('buyer1').ok('user/updateAddress', { addressId, detail: '科技园 2 号' })
    expect(changed).toMatchObject({ ...home, _id: addressId, detail: '科技园 2 号', isDefault: true })
  })

  it("does not find a stranger's address", async () => {
    const addressId = await add(home)
    const refusal = await cloud.as('buyer2').refused('user/updateAddress', { addressId, detail: '别人' })
    expect(refusal).toBe('NOT_FOUND')
    expect(await list()).toMatchObject([{ detail: home.detail }])
  })
})

describe('user/setDefaultAddress', () => {
  it('moves the one default', async () => {
    await add(home)
    const second = await add(home)
    await cloud.as('buyer1').ok('user/setDefaultAddress', { addressId: second })
    expect((await list()).map(({ _id, isDefault }) => (isDefault ? _id : null))).toEqual([second, null])
  })

  it('does not find what is not there', async () => {
    expect(await cloud.as('buyer1').refused('user/setDefaultAddress', { addressId: 'none' })).toBe(
      'NOT_FOUND',
    )
  })
})

describe('user/removeAddress', () => {
  it('removes it, lets the newest become the default, and does nothing the second time', async () => {
    const first = await add(home)
    await cloud.clock.advance(1)
    await add({ ...home, detail: 'older' })
    await cloud.clock.advance(1)
    const newest = await add({ ...home, detail: 'newest' })
    const reply = { defaultAddressId: newest }
    expect(await cloud.as('buyer1').ok('user/removeAddress', { addressId: first })).toEqual(reply)
    expect(await cloud.as('buyer1').ok('user/removeAddress', { addressId: first })).toEqual(reply)
    expect(await list()).toHaveLength(2)
  })

  it("leaves a stranger's address alone", async () => {
    const addressId = await add(home)
    await cloud.as('buyer2').ok('user/removeAddress', { addressId })
    expect(await list()).toHaveLength(1)
    expect(await list('buyer2')).toEqual([])
  })
})
