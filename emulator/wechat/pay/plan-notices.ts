import type { Notice, NoticePlan } from './model.ts'

/** The notices that a plan makes out of one event: none that is sent, one, two, or one that comes late. */
export function planNotices(
  wanted: Pick<Notice, 'kind' | 'protocol' | 'functionName' | 'event'>,
  plan: NoticePlan,
  when: { nowMs: number; delayMs: number },
  newId: () => string,
): Notice[] {
  const make = (nextAtMs: number | undefined): Notice => ({
    ...wanted,
    id: newId(),
    // A withheld notice stays, so that it can be delivered by hand.
    state: nextAtMs === undefined ? 'withheld' : 'pending',
    nextAtMs,
    attempts: [],
  })
  if (plan === 'never') return [make(undefined)]
  if (plan === 'twice') return [make(when.nowMs), make(when.nowMs)]
  return [make(plan === 'late' ? when.nowMs + when.delayMs : when.nowMs)]
}
