/** Somebody asks to be forgotten; what is left of them is looked for in the raw files of the cloud. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FlowContent } from '../../cloudfunctions/approval/public.ts'
import { type LiveCloud, liveCloud } from '../support/live.ts'

const MINUTE_MS = 60_000
const PERSONAL = [
  'XiaomanTheNickname',
  '13912345678',
  'ZhangSanfengTheName',
  'TaohuaIsland7',
  'LeaveAtTheDoor',
  'SpringTeaIsHere',
  'WithWaterOfEighty',
  'NotYetFinished',
  'SomebodySellsFakes',
  'MyKneeIsOperated',
  'SorryForTheShortNotice',
]
const folder = mkdtempSync(join(tmpdir(), 'personal-data-'))

let cloud: LiveCloud
let userId: string
beforeAll(async () => {
  cloud = await liveCloud({ data: join(folder, 'lived') })
  userId = cloud.openid('buyer1')
  await shopAround()
  await talk()
  await askForLeave()
})
afterAll(async () => {
  await cloud.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** An account, an address, an order that was paid, shipped and received. */
async function shopAround(): Promise<void> {
  const admin = cloud.as('admin')
  const buyer = cloud.as('buyer1')
  await admin.ok('user/login')
  await buyer.ok('user/login')
  await buyer.ok('user/updateProfile', { nickname: 'XiaomanTheNickname' })
  const { code } = await cloud.emulator.wechat.phoneCodes.issue(userId, '13912345678')
  await buyer.ok('user/bindPhone', { code })
  const { addressId } = await buyer.ok<{ addressId: string }>('user/addAddress', {
    name: 'ZhangSanfengTheName',
    phone: '13912345678',
    province: '浙江省',
    city: '舟山市',
    district: '普陀区',
    detail: 'TaohuaIsland7',
  })
  const { categoryId } = await admin.ok<{ categoryId: string }>('catalog/createCategory', { name: '茶' })
  const product = {
    title: '明前龙井',
    categoryId,
    coverFileId: 'cloud://local/tea.png',
    skus: [{ priceFen: 1_999 }],
  }
  const { productId, skuIds } = await admin.ok<{ productId: string; skuIds: string[] }>(
    'catalog/createProduct',
    product,
  )
  const skuId = skuIds[0]
  await admin.ok('inventory/restock', { skuId, quantity: 5 })
  await admin.ok('catalog/publish', { productId })
  const order = { items: [{ skuId, quantity: 1 }], addressId, note: 'LeaveAtTheDoor' }
  const { orderId } = await buyer.ok<{ orderId: string }>('order/create', order)
  await buyer.ok('payment/prepare', { orderId })
  await cloud.emulator.payments.pay({ outTradeNo: orderId }, {})
  await admin.ok('order/ship', { orderId, carrier: '顺丰', trackingNo: 'SF1234567' })
  await buyer.ok('order/confirm', { orderId })
}

/** A post that shows, a comment below what somebody else wrote, a draft, a report, a shared document. */
async function talk(): Promise<void> {
  const buyer = cloud.as('buyer1')
  const other = cloud.as('buyer2')
  await other.ok('user/login')
  await buyer.ok('community/createPost', { text: 'SpringTeaIsHere' })
  const { postId } = await other.ok<{ postId: string }>('community/createPost', { text: '第一杯' })
  await buyer.ok('community/comment', { postId, text: 'WithWaterOfEighty' })
  await buyer.ok('community/saveDraft', { text: 'NotYetFinished' })
  await buyer.ok('community/report', {
    kind: 'post',
    subjectId: postId,
    reason: 'other',
    note: 'SomebodySellsFakes',
  })
  await buyer.ok('collab/create', { title: '周会纪要' })
  // What follows from all that, messages to the others included.
  await cloud.emulator.clock.advance(MINUTE_MS)
  await cloud.fireTimer('scheduler')
}

/** An approval that still runs, with words of theirs in the form and beside it. */
async function askForLeave(): Promise<void> {
  const admin = cloud.as('admin')
  const content: FlowContent = {
    title: '请假',
    fields: [{ name: 'reason', title: '事由', kind: 'text' }],
    nodes: [
      { id: 'start', kind: 'start', next: 'ask' },
      {
        id: 'ask',
        kind: 'approve',
        title: '审批',
        voting: { mode: 'all' },
        candidates: [{ by: 'users', userIds: [cloud.openid('buyer2')] }],
        next: 'end',
      },
      { id: 'end', kind: 'end' },
    ],
  }
  await admin.ok('approval/saveDefinition', { key: 'leave', content, revision: 0 })
  await admin.ok('approval/publishDefinition', { key: 'leave', revision: 1 })
  const buyer = cloud.as('buyer1')
  const filledIn = { key: 'leave', form: { reason: 'MyKneeIsOperated' } }
  const { instanceId } = await buyer.ok<{ instanceId: string }>('approval/start', filledIn)
  await buyer.ok('approval/comment', { instanceId, comment: 'SorryForTheShortNotice' })
}

/**
 * The files of a cloud that was given what this one keeps. LMDB leaves freed pages behind until they are used again, so
 * only a copy, in which nothing was ever removed, shows what is kept. WeChat's own side is not ours to forget.
 */
async function filesOfCopy(name: string): Promise<Buffer[]> {
  const { state: _wechat, ...kept } = await cloud.emulator.stored.exportAll()
  const data = join(folder, name)
  const copy = await liveCloud({ data })
  const empty = await copy.emulator.stored.exportAll()
  await copy.emulator.stored.importAll({ ...empty, ...kept })
  await copy.stop()
  return readdirSync(data, { recursive: true, encoding: 'utf8' })
    .map((path) => join(data, path))
    .filter((path) => statSync(path).isFile())
    .map((path) => readFileSync(path))
}

const foundIn = (files: Buffer[]) =>
  PERSONAL.filter((what) =>
    files.some((file) => file.includes(what) || file.includes(Buffer.from(what, 'utf16le'))),
  )

describe('a person who asks to be forgotten', () => {
  it('is in the files of the cloud before', async () => {
    expect(foundIn(await filesOfCopy('before'))).toEqual(PERSONAL)
  })

  it('gets everything that is kept about them', async () => {
    const mine = JSON.stringify(await cloud.as('buyer1').ok('ops/exportMyData'))
    expect(PERSONAL.filter((what) => !mine.includes(what))).toEqual([])
  })

  it('is in none of them afterwards', async () => {
    const erased = await cloud.as('admin').ok('ops/eraseUser', { userId, confirm: 'erase this person' })
    expect(erased).toMatchObject({ state: 'done' })
    await cloud.emulator.clock.advance(MINUTE_MS)
    await cloud.fireTimer('scheduler')
    expect(foundIn(await filesOfCopy('after'))).toEqual([])
    const [order] = await cloud.collection('orders').all()
    expect(order).toMatchObject({ status: 'completed', payableFen: 1_999, address: null })
  })
})
