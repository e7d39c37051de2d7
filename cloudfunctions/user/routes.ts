import type { Routes } from '../_kernel/index.ts'
import { bindPhone } from './account/bind-phone.ts'
import { deleteAccount } from './account/delete.ts'
import { login } from './account/login.ts'
import { profile } from './account/profile.ts'
import { updateProfile } from './account/update-profile.ts'
import { webTicket } from './account/web-ticket.ts'
import { addAddress } from './address/add.ts'
import { listAddresses } from './address/list.ts'
import { removeAddress } from './address/remove.ts'
import { setDefaultAddress } from './address/set-default.ts'
import { updateAddress } from './address/update.ts'
import { createDepartment } from './department/create.ts'
import { listMembers } from './department/list-members.ts'
import { managersOf } from './department/managers-of.ts'
import { myDepartments } from './department/mine.ts'
import { moveDepartment } from './department/move.ts'
import { removeDepartment } from './department/remove.ts'
import { removeMember } from './department/remove-member.ts'
import { setMember } from './department/set-member.ts'
import { departmentTree } from './department/tree.ts'
import { updateDepartment } from './department/update.ts'
import { ban } from './people/ban.ts'
import { getUser } from './people/get.ts'
import { listUsers } from './people/list.ts'
import { unban } from './people/unban.ts'
import { createRole } from './role/create.ts'
import { grantRole } from './role/grant.ts'
import { installRoles } from './role/install.ts'
import { listRoles } from './role/list.ts'
import { listStaff } from './role/list-staff.ts'
import { removeRole } from './role/remove.ts'
import { revokeRole } from './role/revoke.ts'
import { updateRole } from './role/update.ts'

export const routes = {
  login,
  profile,
  updateProfile,
  bindPhone,
  deleteAccount,
  webTicket,

  listAddresses,
  addAddress,
  updateAddress,
  removeAddress,
  setDefaultAddress,

  listUsers,
  getUser,
  ban,
  unban,

  listRoles,
  createRole,
  updateRole,
  removeRole,
  installRoles,
  listStaff,
  grantRole,
  revokeRole,

  departmentTree,
  createDepartment,
  updateDepartment,
  moveDepartment,
  removeDepartment,
  listMembers,
  setMember,
  removeMember,
  managersOf,
  myDepartments,
} satisfies Routes
