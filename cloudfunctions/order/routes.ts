/** Table of contents of `order`; the mini program's client is checked against its type. */
import type { Routes } from '../_kernel/index.ts'
import { applyAfterSale } from './apply-after-sale.ts'
import { approveAfterSale } from './approve-after-sale.ts'
import { cancel } from './cancel.ts'
import { cancelAfterSale } from './cancel-after-sale.ts'
import { cartAdd } from './cart/add.ts'
import { cartClear } from './cart/clear.ts'
import { cartRemove } from './cart/remove.ts'
import { cartSelect } from './cart/select.ts'
import { cart } from './cart/show.ts'
import { cartUpdate } from './cart/update.ts'
import { confirm } from './confirm.ts'
import { counts } from './counts.ts'
import { create } from './create.ts'
import { detail } from './detail.ts'
import { list } from './list.ts'
import { operatorDetail } from './operator-detail.ts'
import { operatorList } from './operator-list.ts'
import { rejectAfterSale } from './reject-after-sale.ts'
import { setAddress } from './set-address.ts'
import { ship } from './ship.ts'

export const routes = {
  cart,
  cartAdd,
  cartUpdate,
  cartRemove,
  cartSelect,
  cartClear,

  create,
  detail,
  list,
  counts,
  setAddress,
  cancel,
  confirm,
  applyAfterSale,
  cancelAfterSale,

  ship,
  approveAfterSale,
  rejectAfterSale,
  operatorList,
  operatorDetail,
} satisfies Routes
