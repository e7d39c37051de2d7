import type { Routes } from '../_kernel/index.ts'
import { createCategory } from './category/create.ts'
import { categories } from './category/list.ts'
import { removeCategory } from './category/remove.ts'
import { updateCategory } from './category/update.ts'
import { batch } from './product/batch.ts'
import { createProduct } from './product/create.ts'
import { detail } from './product/detail.ts'
import { editProduct } from './product/edit.ts'
import { list } from './product/list.ts'
import { operatorDetail } from './product/operator-detail.ts'
import { operatorList } from './product/operator-list.ts'
import { publish } from './product/publish.ts'
import { removeProduct } from './product/remove.ts'
import { search } from './product/search.ts'
import { unpublish } from './product/unpublish.ts'

export const routes = {
  categories,
  list,
  search,
  detail,
  batch,

  createCategory,
  updateCategory,
  removeCategory,

  operatorList,
  operatorDetail,
  createProduct,
  editProduct,
  publish,
  unpublish,
  removeProduct,
} satisfies Routes
