/** Fills a new local cloud with the demo (shop, community, approvals, shared documents, a partner): written through the routes, as people would, never into the database. */
import { createHash } from 'node:crypto'
import tcb from '@cloudbase/node-sdk'
import type { Emulator } from '../emulator/index.ts'
import { seedApprovals } from './seed/approvals.ts'
import { seedCollab } from './seed/collab.ts'
import { seedCommunity } from './seed/community.ts'
import { demoCategories, demoProducts } from './seed/goods.ts'
import { seedOps } from './seed/ops.ts'
import { seedPartner } from './seed/partner.ts'
import { drawPicture } from './seed/picture.ts'

const HOUR_MS = 3_600_000

/** Runs again from the beginning when it was cut short: every call has a request id that stays the same. */
export async function seed(cloud: Emulator): Promise<void> {
  const call = callerOf(cloud)
  const addressIds = await seedPeople(call, cloud)
  const skuIds = await seedGoods(call, cloud)
  await seedTemplates(call)
  await seedSales(call, skuIds, cloud.clock.nowMs())
  await seedOrders(call, cloud, skuIds, addressIds)
  await seedCommunity(call, cloud)
  await seedApprovals(call, cloud)
  await seedCollab(call)
  await seedPartner(call)
  await seedOps(call)
}

type Call = ReturnType<typeof callerOf>

const people = [
  ['buyer1', '小满'],
  ['buyer2', '阿禾'],
  ['author1', '青禾手记'],
  ['manager1', '店长'],
  ['admin', '管理员'],
] as const

async function seedPeople(call: Call, cloud: Emulator): Promise<Map<string, string>> {
  const addressIds = new Map<string, string>()
  for (const [name, nickname] of people) {
    await call(name, 'user/login', {})
    await call(name, 'user/updateProfile', { nickname })
    const { addressId } = await call<{ addressId: string }>(name, 'user/addAddress', {
      name: nickname,
      phone: '13800000000',
      province: '浙江省',
      city: '杭州市',
      district: '西湖区',
      detail: '文三路 1 号',
    })
    addressIds.set(name, addressId)
  }
  await call('admin', 'user/installRoles', {})
  const managerId = cloud.users.identityOf('manager1')?.openid
  for (const role of ['operator', 'warehouse', 'customer_service']) {
    await call('admin', 'user/grantRole', { userId: managerId, role }, role)
  }
  const { departmentId } = await call<{ departmentId: string }>('admin', 'user/createDepartment', {
    name: '门店',
    managerIds: [managerId],
  })
  await call('admin', 'user/setMember', { userId: managerId, departmentId, title: '店长' })
  return addressIds
}

async function seedGoods(call: Call, cloud: Emulator): Promise<string[]> {
  const categoryIds = new Map<string, string>()
  for (const [name, children] of Object.entries(demoCategories)) {
    const { categoryId: parentId } = await call<{ categoryId: string }>(
      'admin',
      'catalog/createCategory',
      { name },
      name,
    )
    for (const child of children) {
      const input = { name: child, parentId }
      const { categoryId } = await call<{ categoryId: string }>(
        'admin',
        'catalog/createCategory',
        input,
        child,
      )
      categoryIds.set(child, categoryId)
    }
  }

  // As an operator's own tool would: with the server SDK.
  const storage = tcb.init({
    env: cloud.envId,
    secretId: 'local',
    secretKey: 'local',
    serviceUrl: `${cloud.url}/admin`,
  })
  const firstSkuIds: string[] = []
  for (const [index, product] of demoProducts.entries()) {
    const cloudPath = `products/${index + 1}.png`
    const { fileID } = await storage.uploadFile({ cloudPath, fileContent: drawPicture(index) })
    const { productId, skuIds } = await call<{ productId: string; skuIds: string[] }>(
      'manager1',
      'catalog/createProduct',
      {
        title: product.title,
        subtitle: product.subtitle,
        description: `${product.title}，${product.subtitle}。`,
        coverFileId: fileID,
        imageFileIds: [fileID],
        categoryId: categoryIds.get(product.category),
        skus: product.skus.map(([value, priceFen]) => ({
          attributes: [{ name: product.choice, value }],
          priceFen,
          marketPriceFen: Math.round(priceFen * 1.25),
        })),
      },
      product.title,
    )
    for (const skuId of skuIds) await call('manager1', 'inventory/restock', { skuId, quantity: 500 }, skuId)
    await call('manager1', 'catalog/publish', { productId }, productId)
    firstSkuIds.push(...skuIds.slice(0, 1))
  }
  return firstSkuIds
}

async function seedTemplates(call: Call): Promise<void> {
  const templates = {
    'order.paid': { character_string1: 'orderId', thing2: 'title', amount3: 'amount', time4: 'time' },
    'order.shipped': { character_string1: 'orderId', thing2: 'carrier', character_string3: 'trackingNo' },
    'refund.succeeded': { character_string1: 'orderId', amount2: 'amount', time3: 'time' },
  }
  for (const [code, fields] of Object.entries(templates)) {
    const wechatTemplateId = `local-template-${code.replace('.', '-')}`
    await call('admin', 'notification/saveTemplate', { code, wechatTemplateId, fields }, code)
  }
}

/** One sale that runs and one that comes. */
async function seedSales(call: Call, skuIds: string[], nowMs: number): Promise<void> {
  const sales = [
    { title: '开春第一壶', skuId: skuIds[0], priceFen: 1900, units: 200, from: 0, hours: 24 * 7 },
    { title: '周末坚果场', skuId: skuIds[10], priceFen: 990, units: 100, from: 24, hours: 48 },
  ]
  for (const { from, hours, ...sale } of sales) {
    const opensAtMs = nowMs + from * HOUR_MS
    const input = { ...sale, perUser: 1, opensAtMs, closesAtMs: opensAtMs + hours * HOUR_MS }
    const { saleId } = await call<{ saleId: string }>('manager1', 'flashsale/create', input, sale.title)
    await call('manager1', 'flashsale/publish', { saleId }, saleId)
  }
}

/** One order in each state. */
async function seedOrders(
  call: Call,
  cloud: Emulator,
  skuIds: string[],
  addressIds: Map<string, string>,
): Promise<void> {
  const place = async (buyer: string, label: string, skuAt: number) => {
    const items = [{ skuId: skuIds[skuAt], quantity: 1 + (skuAt % 3) }]
    const input = { items, addressId: addressIds.get(buyer) }
    const { orderId } = await call<{ orderId: string }>(buyer, 'order/create', input, label)
    return orderId
  }
  const pay = async (buyer: string, orderId: string) => {
    const prepared = await call<{ payment: { package: string } }>(
      buyer,
      'payment/prepare',
      { orderId },
      orderId,
    )
    const prepayId = prepared.payment.package.replace('prepay_id=', '')
    await cloud.payments.pay({ prepayId }, {})
  }
  const ship = (orderId: string) =>
    call(
      'manager1',
      'order/ship',
      { orderId, carrier: '顺丰速运', trackingNo: `SF${orderId.slice(-10)}` },
      orderId,
    )

  await place('buyer1', 'unpaid', 1)

  await pay('buyer1', await place('buyer1', 'paid', 2))

  const shipped = await place('buyer1', 'shipped', 3)
  await pay('buyer1', shipped)
  await ship(shipped)

  const completed = await place('buyer2', 'completed', 4)
  await pay('buyer2', completed)
  await ship(completed)
  await call('buyer2', 'order/confirm', { orderId: completed }, completed)

  const cancelled = await place('buyer2', 'cancelled', 5)
  await call('buyer2', 'order/cancel', { orderId: cancelled }, cancelled)

  const returning = await place('buyer2', 'after-sale', 6)
  await pay('buyer2', returning)
  const reason = '拍错了规格'
  await call('buyer2', 'order/applyAfterSale', { orderId: returning, returnGoods: true, reason }, returning)

  const refunded = await place('buyer1', 'refunded', 7)
  await pay('buyer1', refunded)
  await call('buyer1', 'order/applyAfterSale', { orderId: refunded, returnGoods: true, reason }, refunded)
  await call('manager1', 'order/approveAfterSale', { orderId: refunded }, refunded)
}

/** Calls a route as a user and gives its data; a refusal ends the seeding with its words. */
function callerOf(cloud: Emulator) {
  return async <T>(user: string, route: string, data: unknown, label = ''): Promise<T> => {
    const [functionName = '', $url = ''] = route.split('/')
    const requestId = requestIdOf(`${route}:${user}:${label}`)
    const reply = (await cloud.call(functionName, { $url, data, requestId, lang: 'en' }, user)) as {
      code: number
      data: T
      error?: string
      message?: string
    }
    if (reply.code !== 0)
      throw new Error(`${route} as ${user}: ${reply.error} ${reply.message} ${JSON.stringify(reply)}`)
    return reply.data
  }
}

function requestIdOf(label: string): string {
  return `seed-${createHash('sha256').update(label).digest('hex').slice(0, 40)}`
}
