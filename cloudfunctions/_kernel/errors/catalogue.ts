/**
 * Every refusal that a caller can receive: a stable name and integer for programs, words for people.
 * Ranges: 1xxx kernel, 2xxx user, 3xxx catalog, 4xxx inventory, 5xxx flashsale, 6xxx order, 7xxx payment,
 * 8xxx notification, 9xxx scheduler, 10xxx community,
 * 12xxx media, 13xxx collab, 15xxx ops. A code is never given a second meaning.
 */
export const catalogue = {
  INTERNAL: {
    code: 1000,
    zh: '服务开小差了，请稍后再试',
    en: 'Something went wrong on our side; try again later',
  },
  INVALID_INPUT: { code: 1001, zh: '提交的内容有误', en: 'The input is not valid' },
  ROUTE_NOT_FOUND: { code: 1002, zh: '没有这个接口', en: 'There is no such route' },
  UNAUTHENTICATED: { code: 1003, zh: '请先登录', en: 'Sign in first' },
  FORBIDDEN: { code: 1004, zh: '没有权限', en: 'You may not do this' },
  NOT_FOUND: { code: 1005, zh: '内容不存在', en: 'Not found' },
  STALE: {
    code: 1006,
    zh: '内容已被修改，请刷新后再试',
    en: 'It was changed meanwhile; reload and try again',
  },
  BUSY: { code: 1007, zh: '人太多了，请稍后再试', en: 'Too busy; try again shortly' },
  TOO_MANY_REQUESTS: { code: 1008, zh: '操作太频繁，请稍后再试', en: 'Too many requests; slow down' },
  REQUEST_ID_REQUIRED: { code: 1009, zh: '缺少请求编号', en: 'This route needs a requestId' },
  REQUEST_ID_REUSED: {
    code: 1010,
    zh: '请求编号已用于其他内容',
    en: 'This requestId was used with other input',
  },
  USER_BANNED: { code: 1011, zh: '账号已被停用', en: 'This account is suspended' },
  UPSTREAM_FAILED: { code: 1012, zh: '外部服务暂时不可用', en: 'A service we depend on did not answer' },
  CLOSED_FOR_MAINTENANCE: {
    code: 1013,
    zh: '系统维护中，请稍后再来',
    en: 'Closed for maintenance; come back later',
  },

  ADDRESS_LIMIT: { code: 2001, zh: '地址数量已达上限', en: 'You have as many addresses as allowed' },
  ROLE_UNKNOWN: { code: 2002, zh: '角色不存在', en: 'There is no such role' },
  PHONE_CODE_INVALID: { code: 2003, zh: '手机号验证已失效，请重试', en: 'The phone code is no longer valid' },
  ACCOUNT_DELETED: { code: 2004, zh: '账号已注销', en: 'This account was deleted' },
  DEPARTMENT_CYCLE: { code: 2005, zh: '部门不能是自己的下级', en: 'A department cannot be below itself' },
  DEPARTMENT_IN_USE: {
    code: 2006,
    zh: '部门下还有成员或子部门',
    en: 'The department still has members or children',
  },
  ROLE_IN_USE: { code: 2007, zh: '角色仍在使用中', en: 'The role is still granted' },
  ROLE_EXISTS: { code: 2009, zh: '角色名称已被使用', en: 'This role name is taken' },
  ROLE_BUILT_IN: { code: 2010, zh: '内置角色不能修改', en: 'Built-in roles cannot be changed' },
  DEPARTMENT_LIMIT: { code: 2011, zh: '部门数量已达上限', en: 'There are as many departments as allowed' },
  DEPARTMENT_TOO_DEEP: { code: 2012, zh: '部门层级过深', en: 'The department would be too many levels deep' },
  WEB_LOGIN_NOT_CONFIGURED: {
    code: 2013,
    zh: '未配置网页后台登录',
    en: 'Signing in to the web admin is not configured',
  },

  SKU_NOT_SALEABLE: { code: 3001, zh: '商品已下架', en: 'This item is not for sale' },
  PRODUCT_INCOMPLETE: {
    code: 3002,
    zh: '商品信息不完整，无法上架',
    en: 'The product is not complete enough to publish',
  },
  CATEGORY_IN_USE: { code: 3003, zh: '分类下还有商品', en: 'The category still has products' },
  SKU_CODE_TAKEN: { code: 3004, zh: '规格编码已被使用', en: 'This SKU code is taken' },
  PRODUCT_STATE: {
    code: 3005,
    zh: '商品当前状态不允许此操作',
    en: 'The product is not in a state that allows this',
  },
  CATEGORY_DEPTH: { code: 3006, zh: '分类最多两级', en: 'Categories have two levels at most' },

  STOCK_SHORT: { code: 4001, zh: '库存不足', en: 'Not enough stock' },
  STOCK_BELOW_RESERVED: {
    code: 4002,
    zh: '库存不能少于已预占数量',
    en: 'Stock cannot go below what is reserved',
  },

  SALE_NOT_STARTED: { code: 5001, zh: '活动尚未开始', en: 'The sale has not started' },
  SALE_ENDED: { code: 5002, zh: '活动已结束', en: 'The sale is over' },
  SOLD_OUT: { code: 5003, zh: '已售罄', en: 'Sold out' },
  LIMIT_REACHED: { code: 5004, zh: '已达到限购数量', en: 'You have reached the limit per person' },
  SALE_STATE: {
    code: 5005,
    zh: '活动当前状态不允许此操作',
    en: 'The sale is not in a state that allows this',
  },
  RESERVATION_LAPSED: {
    code: 5006,
    zh: '抢购名额已失效，请重新抢购',
    en: 'The reserved units lapsed; try again',
  },
  SALE_UNITS: {
    code: 5007,
    zh: '活动库存超出此活动的规模，请新建活动',
    en: 'Too many units for this sale; make a new one',
  },

  ORDER_STATE: {
    code: 6001,
    zh: '订单当前状态不允许此操作',
    en: 'The order is not in a state that allows this',
  },
  CART_LIMIT: { code: 6002, zh: '购物车已满', en: 'The cart is full' },
  CART_EMPTY: { code: 6003, zh: '购物车里没有选中的商品', en: 'Nothing is selected in the cart' },
  AFTER_SALE_STATE: {
    code: 6004,
    zh: '售后当前状态不允许此操作',
    en: 'The after-sale request is not in a state that allows this',
  },
  AFTER_SALE_WINDOW_CLOSED: {
    code: 6005,
    zh: '已超过售后期限',
    en: 'The time for after-sale requests is over',
  },
  ADDRESS_REQUIRED: { code: 6006, zh: '请选择收货地址', en: 'Choose a delivery address' },

  PAYMENT_STATE: {
    code: 7001,
    zh: '支付当前状态不允许此操作',
    en: 'The payment is not in a state that allows this',
  },
  PAYMENT_REFUSED: { code: 7002, zh: '微信支付未受理', en: 'WeChat Pay did not accept this' },
  REFUND_EXCEEDS_PAID: {
    code: 7003,
    zh: '退款金额超过可退金额',
    en: 'The refund is more than what can be refunded',
  },
  ORDER_ALREADY_PAID: { code: 7004, zh: '订单已支付', en: 'The order is already paid' },
  RETURN_EXCEEDS_BOUGHT: {
    code: 7005,
    zh: '退货数量超过可退数量',
    en: 'More goods would come back than were bought',
  },

  TEMPLATE_UNKNOWN: { code: 8001, zh: '消息模板不存在', en: 'There is no such message template' },
  MESSAGE_STATE: {
    code: 8002,
    zh: '消息当前状态不允许此操作',
    en: 'The message is not in a state that allows this',
  },

  JOB_UNKNOWN: { code: 9001, zh: '没有这个任务', en: 'There is no such job' },
  JOB_RUNNING: { code: 9002, zh: '任务正在运行', en: 'The job is running already' },

  // 15xx gateway.
  TOKEN_INVALID: { code: 1501, zh: '访问令牌无效', en: 'The access token is not valid' },
  TOKEN_EXPIRED: { code: 1502, zh: '访问令牌已过期', en: 'The access token has expired' },
  CLIENT_INVALID: { code: 1503, zh: '客户端凭证无效', en: 'The client id or secret is not valid' },
  PARTNER_REVOKED: { code: 1504, zh: '合作方已停用', en: 'This partner was revoked' },
  KEY_REVOKED: { code: 1505, zh: '密钥已停用', en: 'This key was revoked' },
  ADDRESS_NOT_ALLOWED: {
    code: 1506,
    zh: '来源地址不在白名单',
    en: 'Calls from this address are not allowed',
  },
  SIGNATURE_REQUIRED: { code: 1507, zh: '请求需要签名', en: 'Requests of this partner must be signed' },
  SIGNATURE_INVALID: { code: 1508, zh: '签名错误', en: 'The signature is not valid' },
  SIGNATURE_EXPIRED: { code: 1509, zh: '签名已过期', en: 'The signature is too old or from the future' },
  REQUEST_REPLAYED: { code: 1510, zh: '请求被重放', en: 'A request with this nonce was made before' },
  QUOTA_EXCEEDED: { code: 1511, zh: '今日调用次数已用完', en: "Today's quota is used up" },
  METHOD_NOT_ALLOWED: { code: 1512, zh: '不支持此请求方法', en: 'This path has no such method' },
  GATEWAY_NOT_CONFIGURED: { code: 1513, zh: '未配置开放平台', en: 'The gateway is not configured' },
  KEY_LIMIT: { code: 1514, zh: '密钥数量已达上限', en: 'There are as many keys as allowed' },
  WEBHOOK_ADDRESS: { code: 1515, zh: '回调地址不可用', en: 'Webhooks cannot go to this address' },
  WEBHOOK_LIMIT: {
    code: 1516,
    zh: '回调地址数量已达上限',
    en: 'There are as many webhook endpoints as allowed',
  },
  DELIVERY_STATE: {
    code: 1517,
    zh: '投递当前状态不允许此操作',
    en: 'The delivery is not in a state that allows this',
  },
  SCOPE_UNKNOWN: { code: 1518, zh: '没有这个权限范围', en: 'There is no such scope' },

  CONTENT_REFUSED: {
    code: 10001,
    zh: '内容含有不允许发布的信息，请修改后再试',
    en: 'This contains something that may not be published; change it and try again',
  },
  CONTENT_STATE: {
    code: 10002,
    zh: '内容当前状态不允许此操作',
    en: 'The content is not in a state that allows this',
  },
  MEMBER_MUTED: { code: 10003, zh: '你已被禁言', en: 'You may not write for now' },
  FOLLOWING_LIMIT: { code: 10004, zh: '关注人数已达上限', en: 'You follow as many people as allowed' },
  TOPIC_CLOSED: { code: 10005, zh: '话题不存在或已关闭', en: 'The topic is closed or not there' },
  DRAFT_LIMIT: { code: 10006, zh: '草稿数量已达上限', en: 'You have as many drafts as allowed' },
  APPEAL_STATE: {
    code: 10007,
    zh: '当前不能申诉',
    en: 'There is nothing to appeal against, or you have done so already',
  },

  DEFINITION_INVALID: {
    code: 11001,
    zh: '流程设计有误，无法发布',
    en: 'The flow has faults and cannot be published',
  },
  DEFINITION_CLOSED: { code: 11002, zh: '流程未开放', en: 'This flow is not open' },
  APPROVAL_STATE: {
    code: 11003,
    zh: '审批当前状态不允许此操作',
    en: 'The approval is not in a state that allows this',
  },
  TASK_STATE: {
    code: 11004,
    zh: '任务已处理或还未轮到',
    en: 'The task is over, or its turn has not come',
  },
  SIGNER_UNFIT: { code: 11005, zh: '此人不能参与此节点审批', en: 'This person cannot be asked here' },
  RETURN_TARGET: { code: 11006, zh: '不能退回到此节点', en: 'It cannot be returned to this node' },
  URGED_RECENTLY: { code: 11007, zh: '催办过于频繁', en: 'They were urged a short time ago' },

  MEDIA_QUOTA: {
    code: 12001,
    zh: '今日上传数量已达上限',
    en: 'You have uploaded as many files as allowed today',
  },
  MEDIA_NOT_UPLOADED: { code: 12002, zh: '文件尚未上传', en: 'The file was not uploaded' },
  MEDIA_TYPE: { code: 12003, zh: '不支持该文件类型', en: 'Files of this type are not taken' },
  MEDIA_TOO_LARGE: { code: 12004, zh: '文件过大', en: 'The file is too large' },
  MEDIA_STATE: {
    code: 12005,
    zh: '文件当前状态不允许此操作',
    en: 'The file is not in a state that allows this',
  },
  MEDIA_IN_USE: { code: 12006, zh: '文件正在使用中', en: 'The file is in use' },

  COLLAB_UPDATE_INVALID: { code: 13001, zh: '更新内容无法识别', en: 'The update is not one of Yjs' },
  COLLAB_CLOCK: { code: 13002, zh: '更新顺序有误', en: 'The update is not the next one of its client' },
  COLLAB_TOO_LARGE: { code: 13003, zh: '文档内容过大', en: 'The document would be too large' },
  COLLAB_INVITE: { code: 13004, zh: '邀请已失效', en: 'The invitation is no longer valid' },
  COLLAB_LIMIT: { code: 13005, zh: '数量已达上限', en: 'There are as many as allowed' },
  COLLAB_OWNER: { code: 13006, zh: '请先转让文档', en: 'A document needs an owner: pass it on first' },

  SETTING_UNKNOWN: { code: 15001, zh: '没有这个设置', en: 'There is no such setting' },
  RESTORE_STATE: {
    code: 15002,
    zh: '恢复任务当前状态不允许此操作',
    en: 'The restore is not in a state that allows this',
  },
  BACKUP_DAMAGED: { code: 15003, zh: '备份文件已损坏', en: 'A file of the backup is missing or damaged' },
  BACKUP_INCOMPLETE: { code: 15004, zh: '备份尚未完成', en: 'The backup is not complete' },
  SALE_RUNNING: {
    code: 15005,
    zh: '秒杀活动进行中，请先结束活动',
    en: 'A flash sale is running; end it first',
  },
  ERASURE_ORDERS_OPEN: {
    code: 15006,
    zh: '还有未完成的订单，暂不能清除',
    en: 'Orders are still under way; finish them first',
  },
} as const satisfies Record<string, { code: number; zh: string; en: string }>

export type ErrorName = keyof typeof catalogue
