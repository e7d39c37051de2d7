import type { Routes } from '../_kernel/index.ts'
import { buy } from './buy.ts'
import { cancel } from './cancel.ts'
import { close } from './close.ts'
import { create } from './create.ts'
import { detail } from './detail.ts'
import { edit } from './edit.ts'
import { list } from './list.ts'
import { listAll } from './list-all.ts'
import { publish } from './publish.ts'
import { stats } from './stats.ts'

export const routes = {
  list,
  detail,
  buy,
  create,
  edit,
  publish,
  cancel,
  close,
  listAll,
  stats,
} satisfies Routes
