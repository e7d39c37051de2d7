import * as z from 'zod'
import { idInput } from '../../_kernel/index.ts'

export const categorySchema = z.object({
  _id: z.string(),
  name: z.string(),
  /** Null at the top; the parent of a second-level category is always a top one. */
  parentId: z.string().nullable(),
  sort: z.int(),
  iconFileId: z.string().nullable(),
  /** Grows whenever something is put below it, so that removing it at the same time conflicts. */
  revision: z.int(),
  updatedAtMs: z.int(),
})

export type Category = z.output<typeof categorySchema>

export const CATEGORIES_MAX = 500

export const categoryId = idInput

export const categoryFields = z.object({
  name: z.string().trim().min(1).max(30),
  sort: z.int().min(0).max(1_000_000).default(0),
  iconFileId: z
    .string()
    .max(300)
    .regex(/^cloud:\/\/\S+$/)
    .nullable()
    .default(null),
})

export interface CategoryNode {
  categoryId: string
  name: string
  iconFileId: string | null
  children: CategoryNode[]
}

/** Siblings by `sort`, then by name. */
export function toTree(categories: readonly Category[]): CategoryNode[] {
  const below = (parentId: string | null): CategoryNode[] =>
    categories
      .filter((category) => category.parentId === parentId)
      .sort((a, b) => a.sort - b.sort || a.name.localeCompare(b.name, 'zh'))
      .map(({ _id, name, iconFileId }) => ({
        categoryId: _id,
        name,
        iconFileId,
        children: parentId === null ? below(_id) : [],
      }))
  return below(null)
}
