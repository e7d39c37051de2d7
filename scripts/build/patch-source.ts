/**
 * Exchanges a piece of text that must occur exactly so many times: a release of the SDK that says it otherwise
 * stops the build instead of passing unpatched.
 */
export function exchange(rule: { find: RegExp; by: string; times: number }): (source: string) => string {
  return (source) => {
    const found = source.match(rule.find)?.length ?? 0
    if (found !== rule.times)
      throw new Error(`expected ${rule.find} ${rule.times} times, found it ${found} times`)
    return source.replaceAll(rule.find, rule.by)
  }
}

/** Puts another text in the place of a whole file. */
export function whole(text: string): (source: string) => string {
  return () => text
}
