import { type Context, command, refuse } from '../../_kernel/index.ts'
import { type Partner, partners, retryAfterMs, windowsAt } from './model.ts'

/** Of requests that begin a new minute at the same moment, all but one try again. */
const TRIES = 4

/**
 * Takes one call from what a partner may make, and gives the partner as it is in that very moment: one database request
 * decides about revocation, rate and quota at once; three for the first call of a minute.
 * Refuses PARTNER_REVOKED, TOO_MANY_REQUESTS, QUOTA_EXCEEDED.
 */
export async function admit(ctx: Context, partnerId: string): Promise<Partner> {
  const nowMs = ctx.clock.nowMs()
  const { minuteAtMs, dayAtMs } = windowsAt(nowMs)
  // `gte`, because the clock of another instance may be ahead: the counters of a window are never begun twice.
  const here = { _id: partnerId, status: 'active' as const }
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const admitted = await ctx.db.updateAndReturn(
      partners,
      {
        ...here,
        minuteAtMs: command.gte(minuteAtMs),
        dayAtMs: command.gte(dayAtMs),
        minuteLeft: command.gt(0),
        dayLeft: command.gt(0),
      },
      { minuteLeft: command.inc(-1), dayLeft: command.inc(-1) },
    )
    if (admitted) return admitted

    const partner = await ctx.db.find(partners, partnerId)
    if (partner?.status !== 'active') return refuse('PARTNER_REVOKED', { partnerId })
    const isNewDay = partner.dayAtMs < dayAtMs
    const isNewMinute = partner.minuteAtMs < minuteAtMs
    if (!isNewDay && partner.dayLeft <= 0)
      refuse('QUOTA_EXCEEDED', { retryAfterMs: retryAfterMs(partner, 'day', nowMs) })
    if (!isNewMinute && partner.minuteLeft <= 0) {
      refuse('TOO_MANY_REQUESTS', { retryAfterMs: retryAfterMs(partner, 'minute', nowMs) })
    }
    const begun = await ctx.db.updateAndReturn(
      partners,
      { ...here, minuteAtMs: partner.minuteAtMs, dayAtMs: partner.dayAtMs, dayLeft: partner.dayLeft },
      {
        ...(isNewMinute
          ? { minuteAtMs, minuteLeft: partner.perMinute - 1 }
          : { minuteLeft: command.inc(-1) }),
        ...(isNewDay ? { dayAtMs, dayLeft: partner.perDay - 1 } : { dayLeft: command.inc(-1) }),
      },
    )
    if (begun) return begun
  }
  return refuse('BUSY', { partnerId })
}
