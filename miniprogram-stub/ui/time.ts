const two = (part: number) => String(part).padStart(2, '0')

/** `01-05 10:00`, by the clock of the phone. */
export function shortTime(epochMs: number): string {
  const date = new Date(epochMs)
  const day = `${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`
}

/** `02:03:04`, with days before it when there are any; what is over is `00:00:00`. */
export function countdown(leftMs: number): string {
  const seconds = Math.max(0, Math.ceil(leftMs / 1000))
  const days = Math.floor(seconds / 86_400)
  const clock = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60]
    .map(two)
    .join(':')
  return days > 0 ? `${days} 天 ${clock}` : clock
}
