import type { api, ReplyOf } from '../api/index'
import { yuan } from './money'
import { shortTime } from './time'

type Detail = ReplyOf<typeof api.approval.detail>
type Entry = ReplyOf<typeof api.approval.history>['items'][number]
type Field = Detail['fields'][number]
type Value = Detail['form'][string] | undefined

export const statusWords: Record<Detail['status'], string> = {
  running: '审批中',
  approved: '已通过',
  rejected: '已拒绝',
  withdrawn: '已撤回',
  terminated: '已终止',
}

const actionWords: Record<Entry['action']['kind'], string> = {
  begin: '发起',
  approve: '同意',
  reject: '拒绝',
  return: '退回',
  resubmit: '重新提交',
  withdraw: '撤回',
  transfer: '转交',
  delegate: '委托',
  'give-back': '交回',
  'add-signers': '加签',
  'remove-signer': '减签',
  cc: '抄送',
  urge: '催办',
  comment: '评论',
  terminate: '终止',
  leave: '审批人离职',
  tick: '到期处理',
  called: '通知外部系统',
  'sub-ended': '子流程结束',
}

/** What the viewer is asked: to decide, to give back what was lent to them, or to send in again what came back. */
export interface MyTask {
  taskId: number
  asks: 'decide' | 'give-back' | 'resubmit'
}

/** What the page shows of an approval to this person. */
export function viewOf(detail: Detail, userId: string) {
  const isMine = detail.initiator === userId
  const isRunning = detail.status === 'running'
  return {
    title: detail.title,
    statusWords: statusWords[detail.status],
    startedAt: shortTime(detail.createdAtMs),
    fields: detail.fields.map((field) => ({
      name: field.name,
      title: field.title,
      words: wordsOf(field, detail.form[field.name]),
    })),
    places: detail.at.map(({ nodeId, title, tasks }) => ({
      nodeId,
      title: title ?? '处理中',
      waitingFor: tasks.filter(({ decision }) => decision === null).length,
    })),
    task: findMyTask(detail, userId),
    canUrge: isMine && isRunning,
    canWithdraw: isMine && isRunning,
  }
}

export function timelineOf(entries: readonly Entry[]) {
  return entries.map(({ revision, action, atMs, comment }) => ({
    revision,
    time: shortTime(atMs),
    words: actionWords[action.kind],
    comment,
  }))
}

function findMyTask({ at }: Detail, userId: string): MyTask | null {
  for (const { kind, tasks } of at) {
    const task = tasks.find((one) => one.isTurn && one.userId === userId)
    if (task === undefined) continue
    if (kind === 'start') return { taskId: task.taskId, asks: 'resubmit' }
    return { taskId: task.taskId, asks: task.place === 'lent' ? 'give-back' : 'decide' }
  }
  return null
}

/** People and files are counted: their ids say nothing to a reader. */
function wordsOf({ kind }: Field, value: Value): string {
  if (value === undefined) return '未填写'
  if (kind === 'money' && typeof value === 'number') return yuan(value)
  if (typeof value === 'boolean') return value ? '是' : '否'
  if (kind === 'user') return '1 人'
  if (Array.isArray(value)) return kind === 'files' ? `${value.length} 个文件` : `${value.length} 人`
  return String(value)
}
