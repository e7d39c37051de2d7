import type { Permission, Role } from '../../_kernel/index.ts'

/**
 * Every permission that a route of this product asks for, with the words that an operator sees when composing a role.
 * A capability that asks for a new one adds its line here.
 */
export const permissionTitles: Record<Permission, string> = {
  'approval:design': '设计与发布审批流程',
  'approval:manage': '终止与改派审批',
  'approval:read': '查看全部审批',
  'catalog:edit': '编辑与上下架商品',
  'community:manage': '管理社区话题与计数',
  'community:moderate': '审核社区内容与禁言',
  'community:words': '管理敏感词',
  'flashsale:manage': '管理秒杀活动',
  'flashsale:read': '查看秒杀活动',
  'inventory:adjust': '盘点调整库存',
  'inventory:read': '查看库存与流水',
  'inventory:restock': '入库',
  'media:review': '审核上传文件',
  'notification:manage': '管理消息模板与重发',
  'ops:audit': '查看与校验审计日志',
  'ops:backup': '备份数据',
  'ops:cost': '查看费用',
  'ops:events': '重放与丢弃失败事件',
  'ops:read': '查看健康与指标',
  'ops:restore': '恢复数据',
  'ops:settings': '修改设置与功能开关',
  'order:aftersale': '处理售后',
  'order:read': '查看全部订单',
  'order:ship': '发货',
  'org:manage': '管理部门',
  'org:read': '查看部门与成员',
  'partner:manage': '管理合作方与回调',
  'payment:read': '查看支付与对账',
  'payment:reconcile': '重新对账',
  'payment:refund': '发起退款',
  'privacy:erase': '清除个人数据',
  'privacy:export': '导出个人数据',
  'role:manage': '管理角色与授权',
  'scheduler:read': '查看定时任务',
  'scheduler:run': '运行定时任务',
  'user:ban': '停用账号',
  'user:read': '查看用户',
  'web-admin:sign-in': '登录网页后台',
}

type BuiltIn = Omit<Role, 'updatedAtMs'>

const staff: Permission[] = ['web-admin:sign-in']

/** The roles that come with the product: each holds the least that its work needs. They change with the code only. */
export const builtInRoles: readonly BuiltIn[] = [
  role('customer_service', '客服', [
    'order:read',
    'order:aftersale',
    'payment:read',
    'privacy:export',
    'user:read',
  ]),
  role('warehouse', '仓库', [
    'order:read',
    'order:ship',
    'inventory:read',
    'inventory:restock',
    'inventory:adjust',
  ]),
  role('operator', '店铺运营', [
    'catalog:edit',
    'community:manage',
    'flashsale:manage',
    'flashsale:read',
    'inventory:read',
    'inventory:restock',
    'inventory:adjust',
    'order:read',
    'notification:manage',
  ]),
  role('finance', '财务', [
    'approval:read',
    'ops:cost',
    'order:read',
    'payment:read',
    'payment:refund',
    'payment:reconcile',
  ]),
  role('content_moderator', '内容审核', [
    'media:review',
    'community:moderate',
    'community:words',
    'user:read',
    'user:ban',
  ]),
  role('hr', '人事', [
    'approval:design',
    'approval:manage',
    'approval:read',
    'org:read',
    'org:manage',
    'user:read',
  ]),
  { _id: 'admin', title: '管理员', permissions: ['*'] },
]

export function findBuiltIn(name: string): BuiltIn | undefined {
  return builtInRoles.find(({ _id }) => _id === name)
}

function role(name: string, title: string, permissions: Permission[]): BuiltIn {
  return { _id: name, title, permissions: [...staff, ...permissions].sort() }
}
