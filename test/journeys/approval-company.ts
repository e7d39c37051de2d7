import type { FlowContent } from '../../cloudfunctions/approval/public.ts'
import { type LiveCloud, liveCloud } from '../support/live.ts'

/** A company on a local cloud of its own: `author1` works in a department that `lead` manages, below one that `boss` manages. */
export interface Company {
  cloud: LiveCloud
  publish(key: string, content: FlowContent): Promise<void>
  start(key: string, form: object): Promise<string>
  /** The number of the task that waits for this person. */
  taskOf(name: string, instanceId: string): Promise<number>
  act(name: string, action: string, instanceId: string, more?: object): Promise<{ status: string }>
  /** Ids of the approvals that wait for this person. */
  todo(name: string): Promise<string[]>
  status(instanceId: string): Promise<string>
  /** The scheduler's minute, after some time. */
  later(ms: number): Promise<void>
}

export const PEOPLE = ['author1', 'lead', 'boss', 'teller', 'expert', 'admin']

export async function openCompany(): Promise<Company> {
  const cloud = await liveCloud()
  const admin = cloud.as('admin')
  for (const name of PEOPLE) await cloud.as(name).ok('user/login')
  await admin.ok('user/installRoles')
  await admin.ok('user/grantRole', { userId: cloud.openid('teller'), role: 'finance' })
  let parentId: string | null = null
  for (const manager of ['boss', 'lead']) {
    const input = { name: manager, parentId, managerIds: [cloud.openid(manager)] }
    const made: { departmentId: string } = await admin.ok('user/createDepartment', input)
    parentId = made.departmentId
  }
  await admin.ok('user/setMember', { userId: cloud.openid('author1'), departmentId: parentId })

  const waiting = async (name: string) =>
    (await cloud.as(name).ok<{ items: { instanceId: string; taskId: number }[] }>('approval/todo')).items
  const company: Company = {
    cloud,
    async publish(key, content) {
      const { items } = await admin.ok<{ items: { key: string; revision: number }[] }>('approval/definitions')
      const known = items.find((flow) => flow.key === key)?.revision ?? 0
      const save = { key, content, revision: known }
      const { revision } = await admin.ok<{ revision: number }>('approval/saveDefinition', save)
      await admin.ok('approval/publishDefinition', { key, revision })
    },
    async start(key, form) {
      const begun = await cloud.as('author1').ok<{ instanceId: string }>('approval/start', { key, form })
      return begun.instanceId
    },
    async taskOf(name, instanceId) {
      const task = (await waiting(name)).find((open) => open.instanceId === instanceId)
      if (!task) throw new Error(`${name} is not asked`)
      return task.taskId
    },
    async act(name, action, instanceId, more = {}) {
      const taskId = await company.taskOf(name, instanceId)
      return cloud.as(name).ok(`approval/${action}`, { instanceId, taskId, ...more })
    },
    todo: async (name) => (await waiting(name)).map(({ instanceId }) => instanceId),
    async status(instanceId) {
      return (await admin.ok<{ status: string }>('approval/detail', { instanceId })).status
    },
    async later(ms) {
      await cloud.emulator.clock.advance(ms)
      await cloud.fireTimer('scheduler')
    },
  }
  return company
}
