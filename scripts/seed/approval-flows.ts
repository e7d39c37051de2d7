/** Three flows that most companies have: leave, expenses by amount, purchases that several sign. */
import type { FlowContent } from '../../cloudfunctions/approval/public.ts'

/** @param buyers who sign purchases together, by openid. */
export function demoFlows(buyers: string[]): Record<'leave' | 'expense' | 'purchase', FlowContent> {
  return { leave, expense, purchase: purchase(buyers) }
}

const DAY_MS = 86_400_000
const start = (next: string) => ({ id: 'start' as const, kind: 'start' as const, next })
const end = { id: 'end', kind: 'end' as const }
const toManager = {
  kind: 'approve' as const,
  title: '部门主管审批',
  voting: { mode: 'any' as const },
  candidates: [{ by: 'manager' as const, level: 1 }],
  self: 'admin' as const,
  timeout: { afterMs: DAY_MS, then: 'remind' as const },
}
const byFinance = {
  kind: 'approve' as const,
  title: '财务审批',
  voting: { mode: 'any' as const },
  candidates: [{ by: 'role' as const, role: 'finance' }],
}
const byAdmin = {
  kind: 'approve' as const,
  title: '总经理审批',
  voting: { mode: 'any' as const },
  candidates: [{ by: 'role' as const, role: 'admin' }],
  repeated: 'pass' as const,
}

const leave: FlowContent = {
  title: '请假',
  description: '三天以上由总经理加批，批准后抄送本人',
  fields: [
    { name: 'kind', title: '类型', kind: 'choice', options: ['年假', '事假', '病假'] },
    { name: 'from', title: '开始日期', kind: 'date' },
    { name: 'days', title: '天数', kind: 'number', min: 0.5, max: 90 },
    { name: 'reason', title: '事由', kind: 'text' },
  ],
  nodes: [
    start('manager'),
    { id: 'manager', ...toManager, rejected: 'initiator', next: 'long' },
    {
      id: 'long',
      kind: 'condition',
      title: '是否长假',
      branches: [{ title: '三天以上', when: { field: 'days', is: 'gt', value: 3 }, next: 'boss' }],
      otherwise: 'tell',
    },
    { id: 'boss', ...byAdmin, next: 'tell' },
    { id: 'tell', kind: 'cc', title: '抄送本人', candidates: [{ by: 'initiator' }], next: 'end' },
    end,
  ],
}

const expense: FlowContent = {
  title: '报销',
  description: '五百元以下主管批，五千元以下财务加批，以上总经理加批',
  fields: [
    { name: 'amount', title: '金额', kind: 'money' },
    { name: 'purpose', title: '用途', kind: 'text' },
    { name: 'receipts', title: '票据', kind: 'files', required: false },
  ],
  nodes: [
    start('manager'),
    { id: 'manager', ...toManager, next: 'amount' },
    {
      id: 'amount',
      kind: 'condition',
      title: '金额',
      branches: [
        { title: '五百元以下', when: { field: 'amount', is: 'lt', value: 50_000 }, next: 'end' },
        { title: '五千元以下', when: { field: 'amount', is: 'lt', value: 500_000 }, next: 'finance' },
      ],
      otherwise: 'boss',
    },
    { id: 'boss', ...byAdmin, next: 'finance' },
    { id: 'finance', ...byFinance, next: 'end' },
    end,
  ],
}

function purchase(buyers: string[]): FlowContent {
  return {
    title: '采购',
    description: '采购组会签与财务审核同时进行，最后由总经理批准',
    fields: [
      { name: 'item', title: '物品', kind: 'text' },
      { name: 'quantity', title: '数量', kind: 'number', min: 1 },
      { name: 'amount', title: '预算', kind: 'money' },
    ],
    nodes: [
      start('both'),
      { id: 'both', kind: 'parallel', title: '同时', branches: ['sign', 'finance'], join: 'joined' },
      {
        id: 'sign',
        kind: 'approve',
        title: '采购组会签',
        voting: { mode: 'all' },
        candidates: [{ by: 'users', userIds: buyers }],
        next: 'joined',
      },
      { id: 'finance', ...byFinance, next: 'joined' },
      { id: 'joined', kind: 'join', next: 'boss' },
      { id: 'boss', ...byAdmin, next: 'end' },
      end,
    ],
    withdraw: 'before-first-decision',
  }
}
