import { defineRoute, refuse } from '../../_kernel/index.ts'
import { DEPARTMENTS_MAX, departmentFields, departmentId } from './model.ts'
import { departments, forgetDepartments, readChain, readDepartments, touch } from './store.ts'

/** user/createDepartment: at the top, or below another one. */
export const createDepartment = defineRoute({
  summary: 'Create a department',
  input: departmentFields.extend({ parentId: departmentId.nullable().default(null) }),
  access: 'org:manage',
  idempotent: 'once',
  audit: { action: 'department.create', subject: ({ name }) => `department/${name}` },

  async handle({ parentId, ...fields }, ctx) {
    if ((await readDepartments(ctx)).size >= DEPARTMENTS_MAX) {
      refuse('DEPARTMENT_LIMIT', { limit: DEPARTMENTS_MAX })
    }
    const id = ctx.ids.next('dep')
    const nowMs = ctx.clock.nowMs()
    const reply = await ctx.once(async (tx) => {
      const [parent] = await readChain(tx, parentId)
      if (parent) await touch(tx, parent, { childCount: parent.childCount + 1 })
      await tx.insert(departments, {
        ...fields,
        _id: id,
        parentId,
        childCount: 0,
        memberCount: 0,
        revision: 1,
        updatedAtMs: nowMs,
      })
      return { departmentId: id }
    })
    await forgetDepartments(ctx)
    return reply
  },
})
