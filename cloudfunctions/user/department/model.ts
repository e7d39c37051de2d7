import * as z from 'zod'
import { idInput, text } from '../../_kernel/index.ts'

export const departmentSchema = z.object({
  _id: text,
  name: text,
  parentId: z.string().nullable(),
  /** Openids; several may manage together, none must. */
  managerIds: z.array(text),
  sort: z.int(),
  /** Kept beside the department, so that "nothing is left in it" is decided on one document. */
  childCount: z.int(),
  memberCount: z.int(),
  /** Grows with every change below it: what makes two moves that would close a circle conflict. */
  revision: z.int(),
  updatedAtMs: z.int(),
})

export type Department = z.output<typeof departmentSchema>

/** One document per person: everybody works in one department. */
export const memberSchema = z.object({
  _id: text,
  departmentId: text,
  title: text,
  joinedAtMs: z.int(),
})

export const DEPARTMENTS_MAX = 1_000
/** Also bounds every walk up the tree. */
export const DEPTH_MAX = 20

export const departmentId = idInput

export const departmentFields = z.object({
  name: z.string().trim().min(1).max(60),
  managerIds: z
    .array(z.string().regex(/^[\w-]{1,64}$/))
    .max(10)
    .transform((ids) => [...new Set(ids)])
    .default([]),
  sort: z.int().min(0).max(1_000_000).default(0),
})

export interface DepartmentNode {
  departmentId: string
  name: string
  managerIds: string[]
  memberCount: number
  children: DepartmentNode[]
}

/** Siblings by `sort`, then by name. A department whose parent is missing is shown at the top rather than lost. */
export function toTree(departments: readonly Department[]): DepartmentNode[] {
  const known = new Set(departments.map(({ _id }) => _id))
  const byParent = new Map<string | null, Department[]>()
  for (const department of departments) {
    const parentId =
      department.parentId !== null && known.has(department.parentId) ? department.parentId : null
    byParent.set(parentId, [...(byParent.get(parentId) ?? []), department])
  }
  const childrenOf = (parentId: string | null): DepartmentNode[] =>
    (byParent.get(parentId) ?? [])
      .sort((a, b) => a.sort - b.sort || a.name.localeCompare(b.name, 'zh'))
      .map((department) => ({
        departmentId: department._id,
        name: department.name,
        managerIds: department.managerIds,
        memberCount: department.memberCount,
        children: childrenOf(department._id),
      }))
  return childrenOf(null)
}

/** The department itself first, then its parent, up to the top. */
export function chainOf(departments: ReadonlyMap<string, Department>, id: string): Department[] {
  const chain: Department[] = []
  for (let at = departments.get(id); at && chain.length < DEPTH_MAX; ) {
    chain.push(at)
    at = at.parentId === null ? undefined : departments.get(at.parentId)
  }
  return chain
}

/**
 * The managers at `level`: 1 is the department itself, 2 the one above. Empty when the tree ends before or nobody is
 * named; what then, and what when somebody manages themselves, is for the caller to decide.
 */
export function managersAt(chain: readonly Department[], level: number): string[] {
  return chain[level - 1]?.managerIds ?? []
}
