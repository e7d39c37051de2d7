import { describeRoutes } from '../../test/support/describe-routes.ts'
import { routes } from './routes.ts'

const address = {
  name: 'Demo Buyer',
  phone: '13800000000',
  province: '广东省',
  city: '深圳市',
  district: '南山区',
  detail: '1 Demo Road',
  isDefault: true,
}
const role = { name: 'packers', title: 'Packers', permissions: ['order:ship'] }
const department = { name: 'Warehouse', managerIds: ['u1'], sort: 1 }

describeRoutes('user', routes, {
  login: { reopen: true },
  profile: {},
  updateProfile: { nickname: 'Ann', avatarFileId: 'cloud://demo/a.png', gender: 'female' },
  bindPhone: { code: 'c' },
  deleteAccount: { confirm: true },
  webTicket: {},

  listAddresses: {},
  addAddress: address,
  updateAddress: { ...address, addressId: 'a1' },
  removeAddress: { addressId: 'a1' },
  setDefaultAddress: { addressId: 'a1' },

  listUsers: { size: 1 },
  getUser: { userId: 'u1' },
  ban: { userId: 'u1', untilMs: 1, reason: 'test' },
  unban: { userId: 'u1' },

  listRoles: {},
  createRole: role,
  updateRole: role,
  removeRole: { name: 'packers' },
  installRoles: {},
  listStaff: { role: 'packers', size: 1 },
  grantRole: { userId: 'u1', role: 'packers' },
  revokeRole: { userId: 'u1', role: 'packers' },

  departmentTree: {},
  createDepartment: { ...department, parentId: 'd1' },
  updateDepartment: { ...department, departmentId: 'd1' },
  moveDepartment: { departmentId: 'd1', parentId: 'd2' },
  removeDepartment: { departmentId: 'd1' },
  listMembers: { departmentId: 'd1', size: 1 },
  setMember: { userId: 'u1', departmentId: 'd1', title: 'Packer' },
  removeMember: { userId: 'u1' },
  managersOf: { userId: 'u1', level: 1 },
  myDepartments: {},
})
