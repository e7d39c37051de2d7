import { command, defineConsumer } from '../../_kernel/index.ts'
import { userDeleted } from '../events.ts'
import { leaveDepartment } from './leave.ts'
import { departments, forgetDepartments } from './store.ts'

/** Whoever deletes their account neither works in a department nor manages one any more. */
export const leaveOnUserDeleted = defineConsumer(
  'user.leave-departments',
  userDeleted,
  async ({ payload: { userId } }, ctx) => {
    await leaveDepartment(ctx, userId)
    const changed = await ctx.db.updateMany(
      departments,
      { managerIds: command.all([userId]) },
      { managerIds: command.pull(userId), revision: command.inc(1) },
    )
    if (changed > 0) await forgetDepartments(ctx)
  },
)
