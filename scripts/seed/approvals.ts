/** The demo company's approvals: three flows, and approvals of each on their way. */
import type { Emulator } from '../../emulator/index.ts'
import { demoFlows } from './approval-flows.ts'

/** Calls a route as a demo user, with a request id that is the same on every run. */
type Call = <T>(user: string, route: string, data: unknown, label?: string) => Promise<T>

/** Needs `seedPeople`: `manager1` manages the department that `author1` and `buyer1` join here. */
export async function seedApprovals(call: Call, cloud: Emulator): Promise<void> {
  const idOf = (name: string) => cloud.users.identityOf(name)?.openid ?? ''
  await joinDepartment(call, [idOf('author1'), idOf('buyer1')])
  await call('admin', 'user/grantRole', { userId: idOf('manager1'), role: 'finance' }, 'finance')
  await call('admin', 'user/grantRole', { userId: idOf('admin'), role: 'admin' }, 'admin')
  for (const [key, content] of Object.entries(demoFlows([idOf('buyer1'), idOf('author1')])))
    await publish(call, key, content)

  const act =
    (instanceId: string) =>
    async (user: string, action: string, more: object = {}) => {
      const taskId = await taskOf(call, user, instanceId)
      await call(user, `approval/${action}`, { instanceId, taskId, ...more }, `${instanceId} ${action}`)
    }
  const begin = async (user: string, key: string, title: string, form: object) => {
    const { instanceId } = await call<{ instanceId: string }>(
      user,
      'approval/start',
      { key, title, form },
      title,
    )
    return instanceId
  }

  await begin('author1', 'leave', '年假两天', {
    kind: '年假',
    from: '2026-02-02',
    days: 2,
    reason: '回家探亲',
  })
  const long = await begin('author1', 'leave', '事假五天', {
    kind: '事假',
    from: '2026-03-02',
    days: 5,
    reason: '搬家',
  })
  await act(long)('manager1', 'approve', { comment: '工作已交接' })
  const back = await begin('buyer1', 'leave', '病假一天', {
    kind: '病假',
    from: '2026-01-12',
    days: 1,
    reason: '就诊',
  })
  await act(back)('manager1', 'sendBack', { toNode: 'start', comment: '请补充日期' })

  const taxi = await begin('author1', 'expense', '出租车费', { amount: 8_600, purpose: '拜访客户' })
  await act(taxi)('manager1', 'approve')
  const camera = await begin('author1', 'expense', '相机镜头', { amount: 680_000, purpose: '商品拍摄' })
  await act(camera)('manager1', 'approve')
  const party = await begin('buyer1', 'expense', '团建聚餐', { amount: 120_000, purpose: '季度团建' })
  await act(party)('manager1', 'reject', { comment: '本季度预算已用完' })

  const kettles = await begin('buyer2', 'purchase', '采购保温壶', {
    item: '保温壶',
    quantity: 200,
    amount: 1_580_000,
  })
  await act(kettles)('buyer1', 'approve', { comment: '样品已验' })
}

async function joinDepartment(call: Call, userIds: string[]): Promise<void> {
  const { departments } = await call<{ departments: { departmentId: string; name: string }[] }>(
    'admin',
    'user/departmentTree',
    {},
  )
  const departmentId = departments.find(({ name }) => name === '门店')?.departmentId
  for (const userId of userIds)
    await call('admin', 'user/setMember', { userId, departmentId, title: '店员' }, userId)
}

/** A run that was cut short finds the flow as it left it. */
async function publish(call: Call, key: string, content: object): Promise<void> {
  const { items } = await call<{ items: { key: string; version: number; revision: number }[] }>(
    'admin',
    'approval/definitions',
    { size: 100 },
  )
  const known = items.find((flow) => flow.key === key)
  if (known && known.version > 0) return
  const { revision } =
    known ??
    (await call<{ revision: number }>('admin', 'approval/saveDefinition', { key, content, revision: 0 }, key))
  await call('admin', 'approval/publishDefinition', { key, revision }, key)
}

/** The task that waits for this person; a run that was cut short may find it done, and then the kept reply counts. */
async function taskOf(call: Call, user: string, instanceId: string): Promise<number> {
  for (const box of ['todo', 'done']) {
    const { items } = await call<{ items: { instanceId: string; taskId: number }[] }>(
      user,
      `approval/${box}`,
      {
        size: 100,
      },
    )
    const task = items.find((waiting) => waiting.instanceId === instanceId)
    if (task) return task.taskId
  }
  throw new Error(`${user} is not asked about ${instanceId}`)
}
