/**
 * Documents as web clients get them by `watch`. The client reads them with plain `JSON.parse` (@cloudbase/database
 * `virtual-websocket-client.ts`), so numbers must be plain, and dates have the web's form `{"$date": ms}`.
 */
export function toClientText(ejson: string): string {
  return ejson.includes('"$') ? JSON.stringify(simplify(JSON.parse(ejson))) : ejson
}

function simplify(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(simplify)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value)
  const [first] = entries
  if (entries.length === 1 && first) {
    const [key, inner] = first
    if (key === '$numberDouble' || key === '$numberLong' || key === '$numberInt') {
      const number = Number(inner)
      return Number.isFinite(number) ? number : value
    }
    if (key === '$date') return { $date: millisecondsOf(inner) }
  }
  return Object.fromEntries(entries.map(([key, inner]) => [key, simplify(inner)]))
}

function millisecondsOf(inner: unknown): unknown {
  const isLong = typeof inner === 'object' && inner !== null && '$numberLong' in inner
  return isLong ? Number(inner.$numberLong) : inner
}
