/** A small company for tests: people, a department with two levels of managers, and flows published through the routes. */
import type { ContentInput } from './definition/model.ts'

/** The part of a cloud that is needed here. */
interface Cloud {
  as(name: string): { ok<T>(route: string, data?: unknown): Promise<T> }
  openid(name: string): string
}

export const STAFF = ['worker', 'lead', 'boss', 'expert', 'buyer', 'clerk'] as const

export interface Office {
  id(name: string): string
  publish(key: string, content: ContentInput): Promise<void>
  start(key: string, form: object, more?: object): Promise<string>
  detail(instanceId: string, as?: string): Promise<Detail>
  /** The number of the open task that waits for this person. */
  taskOf(instanceId: string, name: string): Promise<number>
  /** Does something to the task that waits for this person. */
  act(name: string, action: string, instanceId: string, more?: object): Promise<{ status: string }>
  /** Names of those whose turn it is. */
  asked(instanceId: string): Promise<string[]>
  status(instanceId: string): Promise<string>
}

export interface Detail {
  status: string
  revision: number
  version: number
  nodeIds: string[]
  at: {
    nodeId: string
    mayReturnTo: string[]
    tasks: {
      taskId: number
      userId: string
      place: string
      decision: string | null
      auto: string | null
      isTurn: boolean
    }[]
  }[]
}

/** `worker` works in a department that `lead` manages, below one that `boss` manages; `expert`, `buyer` and `clerk` in neither. */
export async function openOffice(cloud: Cloud): Promise<Office> {
  const admin = cloud.as('admin')
  for (const name of [...STAFF, 'admin']) await cloud.as(name).ok('user/login')
  await admin.ok('user/installRoles')
  const head = await department('总部', null, 'boss')
  const team = await department('技术部', head, 'lead')
  await admin.ok('user/setMember', { userId: cloud.openid('worker'), departmentId: team })
  await admin.ok('user/setMember', { userId: cloud.openid('lead'), departmentId: head })

  async function department(name: string, parentId: string | null, manager: string): Promise<string> {
    const input = { name, parentId, managerIds: [cloud.openid(manager)] }
    return (await admin.ok<{ departmentId: string }>('user/createDepartment', input)).departmentId
  }

  const detail = (instanceId: string, as = 'admin') =>
    cloud.as(as).ok<Detail>('approval/detail', { instanceId })

  async function taskOf(instanceId: string, name: string): Promise<number> {
    const { at } = await detail(instanceId)
    const task = at
      .flatMap(({ tasks }) => tasks)
      .find((open) => open.isTurn && open.userId === cloud.openid(name))
    if (!task) throw new Error(`${name} is not asked: ${JSON.stringify(at)}`)
    return task.taskId
  }

  return {
    id: (name) => cloud.openid(name),
    detail,
    taskOf,
    async publish(key, content) {
      const known = await admin
        .ok<{ revision: number }>('approval/definition', { key })
        .catch(() => ({ revision: 0 }))
      const { revision } = await admin.ok<{ revision: number }>('approval/saveDefinition', {
        key,
        content,
        revision: known.revision,
      })
      await admin.ok('approval/publishDefinition', { key, revision })
    },
    async start(key, form, more = {}) {
      const input = { key, form, ...more }
      return (await cloud.as('worker').ok<{ instanceId: string }>('approval/start', input)).instanceId
    },
    async act(name, action, instanceId, more = {}) {
      const taskId = await taskOf(instanceId, name)
      return cloud.as(name).ok(`approval/${action}`, { instanceId, taskId, ...more })
    },
    async asked(instanceId) {
      const { at } = await detail(instanceId)
      const ids = at.flatMap(({ tasks }) => tasks.filter(({ isTurn }) => isTurn).map(({ userId }) => userId))
      return ids.map((id) => [...STAFF, 'admin'].find((name) => cloud.openid(name) === id) ?? id)
    },
    status: async (instanceId) => (await detail(instanceId)).status,
  }
}

export const startNode = (next: string) => ({ id: 'start' as const, kind: 'start' as const, next })
export const endNode = { id: 'end', kind: 'end' as const }

type ApproveInput = Extract<ContentInput['nodes'][number], { kind: 'approve' }>

export function approveNode(
  id: string,
  userIds: string[],
  next: string,
  more: Partial<ApproveInput> = {},
): ApproveInput {
  return {
    id,
    kind: 'approve',
    title: id,
    voting: { mode: 'all' },
    candidates: [{ by: 'users', userIds }],
    next,
    ...more,
  }
}

/** A flow of nodes in a row, each leading to the next. */
export function inRow(...nodes: ApproveInput[]): ContentInput {
  return {
    title: '流程',
    fields: [{ name: 'days', title: '天数', kind: 'number' }],
    nodes: [
      startNode(nodes[0]?.id ?? 'end'),
      ...nodes.map((node, i) => ({ ...node, next: nodes[i + 1]?.id ?? 'end' })),
      endNode,
    ],
  }
}
