/** The entries of a hot stock's log, and the one function that says what they mean. No I/O. */
import { type HotStock, shardsOf } from './model.ts'

/**
 * - `ask`: a user wants units. Without a user key it comes from another shard, which has checked the limit.
 * - `release`: the order will not be; with a time, only if nobody asked for it after that time.
 * - `settle`: the order is paid.
 * - `held`, `claimed`, `spent`: what compaction makes of older entries; they are facts and are not judged again.
 */
export const entry = {
  ask: (orderId: string, userKey: string, quantity: number, atMs: number) =>
    [`${orderId}`, userKey, quantity, atMs.toString(36)].join('|'),
  release: (orderId: string, unlessAskedAfterMs?: number) =>
    `-${orderId}|${unlessAskedAfterMs?.toString(36) ?? ''}`,
  settle: (orderId: string) => `=${orderId}`,
  held: (reservation: Reservation) => `#${fact(reservation)}`,
  claimed: (reservation: Reservation) => `?${fact(reservation)}`,
  spent: (orderId: string, lastAskedAtMs: number) => `!${orderId}|${lastAskedAtMs.toString(36)}`,
}

function fact({ orderId, userKey, quantity, lastAskedAtMs, askedAtMs }: Reservation): string {
  return `${entry.ask(orderId, userKey, quantity, lastAskedAtMs)}|${askedAtMs.toString(36)}`
}

export interface Reservation {
  orderId: string
  userKey: string
  quantity: number
  /** Of this shard: 0 for a claim, whose units come from another shard. */
  units: number
  /** The first time: when the units were taken. */
  askedAtMs: number
  lastAskedAtMs: number
  status: 'held' | 'sold' | 'released'
}

/**
 * `taken`: the order has its units here. `claimed`: it counts against the user's limit here, and has to find its units in
 * another shard. `released`: it had units once, and never gets any again. `reused`: it asked for another quantity before.
 */
export type Outcome = 'taken' | 'claimed' | 'sold-out' | 'limit-reached' | 'released' | 'reused'

export interface Fold {
  left: number
  reservations: Map<string, Reservation>
  /** Units per user, held or sold. */
  byUser: Map<string, number>
  /** What became of the last `ask`. */
  lastOutcome: Outcome | undefined
}

/** Reads the log in order. The answer to an entry depends only on what stands before it, so it never changes. */
export function fold(stock: Pick<HotStock, 'hotId' | 'units' | 'perUser' | 'log'>): Fold {
  const isSharded = shardsOf(stock.hotId) > 1
  const state: Fold = {
    left: stock.units,
    reservations: new Map(),
    byUser: new Map(),
    lastOutcome: undefined,
  }

  for (const text of stock.log) {
    const [head = '', userKey = '', quantityText = '', atText = '', firstText = ''] = text.split('|')
    const orderId = head.slice(1)
    switch (head[0]) {
      case '-':
        release(state, orderId, userKey === '' ? Number.POSITIVE_INFINITY : Number.parseInt(userKey, 36))
        break
      case '=':
        settle(state, orderId)
        break
      case '!':
        remember(state, spent(orderId, Number.parseInt(userKey, 36)))
        break
      case '#':
      case '?': {
        const quantity = Number(quantityText)
        const units = head[0] === '#' ? quantity : 0
        const times = {
          askedAtMs: Number.parseInt(firstText, 36),
          lastAskedAtMs: Number.parseInt(atText, 36),
        }
        hold(state, { orderId, userKey, quantity, units, ...times, status: 'held' })
        break
      }
      default:
        state.lastOutcome = ask(state, head, userKey, Number(quantityText), Number.parseInt(atText, 36))
    }
  }
  return state

  function ask(on: Fold, orderId: string, userKey: string, quantity: number, atMs: number): Outcome {
    const earlier = on.reservations.get(orderId)
    if (earlier) {
      if (earlier.status === 'released') return 'released'
      if (earlier.quantity !== quantity) return 'reused'
      earlier.lastAskedAtMs = Math.max(earlier.lastAskedAtMs, atMs)
      return earlier.units > 0 ? 'taken' : 'claimed'
    }
    const isHome = userKey !== ''
    if (isHome && (on.byUser.get(userKey) ?? 0) + quantity > stock.perUser) return 'limit-reached'
    const hasUnits = on.left >= quantity
    if (!hasUnits && !(isSharded && isHome)) return 'sold-out'
    const units = hasUnits ? quantity : 0
    const times = { askedAtMs: atMs, lastAskedAtMs: atMs }
    hold(on, { orderId, userKey, quantity, units, ...times, status: 'held' })
    return hasUnits ? 'taken' : 'claimed'
  }
}

function spent(orderId: string, lastAskedAtMs: number): Reservation {
  const times = { askedAtMs: lastAskedAtMs, lastAskedAtMs }
  return { orderId, userKey: '', quantity: 0, units: 0, ...times, status: 'released' }
}

function hold(state: Fold, reservation: Reservation): void {
  remember(state, reservation)
  state.left -= reservation.units
  addToUser(state, reservation, reservation.quantity)
}

function release(state: Fold, orderId: string, unlessAskedAfterMs: number): void {
  const reservation = state.reservations.get(orderId)
  if (reservation?.status !== 'held' || reservation.lastAskedAtMs > unlessAskedAfterMs) return
  reservation.status = 'released'
  state.left += reservation.units
  addToUser(state, reservation, -reservation.quantity)
}

function settle(state: Fold, orderId: string): void {
  const reservation = state.reservations.get(orderId)
  if (reservation?.status === 'held') reservation.status = 'sold'
}

function remember(state: Fold, reservation: Reservation): void {
  state.reservations.set(reservation.orderId, reservation)
}

function addToUser(state: Fold, { userKey }: Reservation, quantity: number): void {
  if (userKey !== '') state.byUser.set(userKey, (state.byUser.get(userKey) ?? 0) + quantity)
}

/**
 * A shorter log with the same meaning, for everything that may still be appended. Only released orders that nobody has
 * asked for since `forgetBeforeMs` are forgotten: there is no end to them, because each unit may come back many times.
 */
export function compact(
  stock: Pick<HotStock, 'hotId' | 'units' | 'perUser' | 'log'>,
  forgetBeforeMs: number,
): string[] {
  const log: string[] = []
  for (const reservation of fold(stock).reservations.values()) {
    const { orderId, units, status, lastAskedAtMs } = reservation
    if (status === 'released') {
      if (lastAskedAtMs >= forgetBeforeMs) log.push(entry.spent(orderId, lastAskedAtMs))
    } else log.push(units > 0 ? entry.held(reservation) : entry.claimed(reservation))
    if (status === 'sold') log.push(entry.settle(orderId))
  }
  return log
}
