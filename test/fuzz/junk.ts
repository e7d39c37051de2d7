/** Random values that programs do not send, and valid ones with one place broken. */

export type Random = () => number

export interface Junk {
  value(depth?: number): unknown
  bytes(): Buffer
  text(): string
  /** A copy of `valid` with one thing in it replaced, added or left away. */
  broken(valid: unknown): unknown
  oneOf<T>(list: readonly T[]): T
}

export function createJunk(random: Random): Junk {
  const below = (count: number) => Math.floor(random() * count)
  const oneOf = <T>(list: readonly T[]): T => {
    // The lists here are not empty.
    return list[below(list.length)] as T
  }

  const text = () =>
    oneOf([
      () => '',
      () => 'a'.repeat(below(3_000)),
      () => Buffer.from(Array.from({ length: below(40) }, () => below(256))).toString('latin1'),
      () => oneOf(['__proto__', 'constructor', 'toString', '$where', '$', '.', '..', 'a..b', '$set', '_id']),
      () => oneOf(['{"$date":"x"}', '{', '[]', 'null', '{"$oid":"zz"}', '{"a":{"$numberInt":"x"}}', '"']),
      () => oneOf(['\u0000', '\ud800', '😀', '../../etc/passwd', '%2e%2e%2f', 'cloud://', 'https://a/b']),
    ])()

  function value(depth = 3): unknown {
    const scalars: (() => unknown)[] = [
      () => null,
      () => random() < 0.5,
      () => oneOf([0, -1, 1.5, 1e308, -1e308, 2 ** 53, 2 ** 31, -(2 ** 31) - 1, 1e21]),
      text,
    ]
    if (depth === 0 || random() < 0.6) return oneOf(scalars)()
    if (random() < 0.5) return Array.from({ length: below(4) }, () => value(depth - 1))
    return Object.fromEntries(Array.from({ length: below(4) }, () => [text(), value(depth - 1)]))
  }

  function broken(valid: unknown): unknown {
    if (Array.isArray(valid) && valid.length > 0 && random() < 0.8) {
      const place = below(valid.length)
      return valid.map((item, i) => (i === place ? broken(item) : item))
    }
    if (typeof valid === 'object' && valid !== null && Object.keys(valid).length > 0 && random() < 0.85) {
      const entries = Object.entries(valid)
      const place = below(entries.length)
      if (random() < 0.15) return Object.fromEntries(entries.toSpliced(place, 1))
      if (random() < 0.15) return { ...valid, [text()]: value() }
      return Object.fromEntries(entries.map(([key, item], i) => [key, i === place ? broken(item) : item]))
    }
    // Texts of this wire often are JSON themselves: those are broken within.
    if (typeof valid === 'string' && /^[{[]/.test(valid) && random() < 0.7) {
      return JSON.stringify(broken(JSON.parse(valid)))
    }
    return value()
  }

  return {
    oneOf,
    text,
    value,
    broken,
    bytes: () => Buffer.from(Array.from({ length: below(400) }, () => below(256))),
  }
}
