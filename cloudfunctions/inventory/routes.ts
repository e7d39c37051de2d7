import type { Routes } from '../_kernel/index.ts'
import { adjust } from './stock/adjust.ts'
import { availability } from './stock/availability.ts'
import { list } from './stock/list.ts'
import { listMovements } from './stock/list-movements.ts'
import { restock } from './stock/restock.ts'
import { setLowMark } from './stock/set-low-mark.ts'
import { verify } from './stock/verify.ts'

export const routes = {
  availability,
  list,
  movements: listMovements,
  restock,
  adjust,
  setLowMark,
  verify,
} satisfies Routes
