/** What other capabilities may use of `approval`. */
import type { Context } from '../_kernel/index.ts'

export { consumers } from './consumers.ts'
export type { ContentInput as FlowContent } from './definition/model.ts'
export { approvalEnded } from './events.ts'

/** Moves approvals whose time has come. Loaded when it is first asked for: the scheduler alone needs the machine. */
export async function moveDueApprovals(ctx: Context, limit: number): Promise<number> {
  return (await import('./jobs.ts')).moveDueApprovals(ctx, limit)
}

/** Gives the tasks of people who left to others. */
export async function replaceLeavers(ctx: Context, limit: number): Promise<number> {
  return (await import('./jobs.ts')).replaceLeavers(ctx, limit)
}

/** All that is kept about somebody. */
export async function exportUser(ctx: Context, userId: string): Promise<Record<string, unknown>> {
  return (await import('./privacy.ts')).exportUser(ctx, userId)
}

/** Takes a person out of what must be kept. */
export async function eraseUser(ctx: Context, userId: string): Promise<void> {
  return (await import('./privacy.ts')).eraseUser(ctx, userId)
}
