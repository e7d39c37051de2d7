/** How the votes of a node count, and whose turn it is. Only decisions are stored; both are worked out from them. */
import type { Voting } from '../definition/model.ts'
import type { Task } from './state.ts'

export type Verdict = 'approved' | 'rejected' | 'open'

const PLACES = ['before', 'own', 'after'] as const

/** 会签 by all: one rejection rejects. By ratio: as soon as it is reached or out of reach. 或签: the first to decide decides. */
export function verdictOf(tasks: readonly Task[], voting: Voting): Verdict {
  const seats = seatsOf(tasks).map(verdictOfSeat)
  const approved = seats.filter((verdict) => verdict === 'approved').length
  const rejected = seats.filter((verdict) => verdict === 'rejected').length
  switch (voting.mode) {
    case 'any':
      if (approved > 0) return 'approved'
      return rejected > 0 ? 'rejected' : 'open'
    case 'ratio':
      if (approved * 100 >= voting.percent * seats.length) return 'approved'
      return (seats.length - rejected) * 100 < voting.percent * seats.length ? 'rejected' : 'open'
    default:
      if (rejected > 0) return 'rejected'
      return approved === seats.length ? 'approved' : 'open'
  }
}

/** Who is asked at this moment. Who lent their task out waits for the one who helps. */
export function activeTasks(tasks: readonly Task[], voting: Voting): Task[] {
  const open = seatsOf(tasks).filter((seat) => verdictOfSeat(seat) === 'open')
  const turn = voting.mode === 'sequence' ? open.slice(0, 1) : open
  return turn.flatMap((seat) => {
    const waiting = seat.filter(({ decision, place }) => decision === null && place !== 'lent')
    const place = PLACES.find((candidate) => waiting.some((task) => task.place === candidate))
    return waiting
      .filter((task) => task.place === place)
      .map((task) => seat.find(({ lender }) => lender === task.id) ?? task)
  })
}

/** Users of the seats that approved. */
export function approversIn(tasks: readonly Task[]): string[] {
  return seatsOf(tasks)
    .filter((seat) => verdictOfSeat(seat) === 'approved')
    .flatMap((seat) => seat.filter(({ place }) => place === 'own').map(({ userId }) => userId))
}

function seatsOf(tasks: readonly Task[]): Task[][] {
  const seats = new Map<number, Task[]>()
  for (const task of tasks) seats.set(task.seat, [...(seats.get(task.seat) ?? []), task])
  return [...seats].sort(([a], [b]) => a - b).map(([, seat]) => seat)
}

function verdictOfSeat(seat: readonly Task[]): Verdict {
  const voters = seat.filter(({ place }) => place !== 'lent')
  if (voters.some(({ decision }) => decision === 'rejected')) return 'rejected'
  return voters.every(({ decision }) => decision === 'approved') ? 'approved' : 'open'
}
