/**
 * What is kept about a person here, given out on their request. Approvals are records of the company: who asked and who
 * decided stays for as long as those are kept.
 */
import type { Context } from '../_kernel/index.ts'
import { instances, tasks } from './instance/store.ts'

const MOST = 1_000

/** Approvals that they began, and tasks that they had. Two database requests. */
export async function exportUser(ctx: Context, userId: string): Promise<Record<string, unknown>> {
  const mine = { where: { _openid: userId }, limit: MOST }
  return {
    approval_instances: await ctx.db.query(instances, mine),
    approval_tasks: await ctx.db.query(tasks, mine),
  }
}
