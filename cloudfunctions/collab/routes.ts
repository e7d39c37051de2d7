/** Table of contents of `collab`; the mini program's client is checked against its type. */
import type { Routes } from '../_kernel/index.ts'
import { create } from './document/create.ts'
import { detail } from './document/detail.ts'
import { list } from './document/list.ts'
import { remove } from './document/remove.ts'
import { rename } from './document/rename.ts'
import { pull } from './log/pull.ts'
import { push } from './log/push.ts'
import { invite } from './member/invite.ts'
import { join } from './member/join.ts'
import { removeMember } from './member/remove-member.ts'
import { setMember } from './member/set-member.ts'
import { absent } from './presence/absent.ts'
import { present } from './presence/present.ts'
import { listVersions } from './version/list.ts'
import { readVersion } from './version/read.ts'
import { restore } from './version/restore.ts'
import { saveVersion } from './version/save.ts'

export const routes = {
  create,
  list,
  detail,
  rename,
  remove,

  invite,
  join,
  setMember,
  removeMember,

  push,
  pull,
  present,
  absent,

  saveVersion,
  versions: listVersions,
  readVersion,
  restore,
} satisfies Routes
