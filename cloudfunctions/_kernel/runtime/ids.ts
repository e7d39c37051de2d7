import { createHash, randomBytes } from 'node:crypto'

export interface Ids {
  /**
   * A new identifier such as `ord_01k9…`: the prefix, then time and randomness in base 32, so that identifiers made later sort later.
   * At most 32 characters for prefixes of up to 5, which is what WeChat Pay takes as `outTradeNo`.
   */
  next(prefix: string): string
}

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const TIME_DIGITS = 10
const RANDOM_DIGITS = 16

export function createIds(nowMs: () => number): Ids {
  return { next: (prefix) => `${prefix}_${encodeTime(nowMs())}${encodeBytes(randomBytes(RANDOM_DIGITS))}` }
}

/** The same parts always give the same identifier: how a repeated request finds what the first one made. */
export function derivedId(prefix: string, ...parts: string[]): string {
  const digest = createHash('sha256').update(parts.join('\u0000')).digest()
  return `${prefix}_${encodeBytes(digest.subarray(0, TIME_DIGITS + RANDOM_DIGITS))}`
}

function encodeTime(epochMs: number): string {
  let rest = epochMs
  let text = ''
  for (let i = 0; i < TIME_DIGITS; i++) {
    text = ALPHABET.charAt(rest % 32) + text
    rest = Math.floor(rest / 32)
  }
  return text
}

/** One digit for each byte: five bits of it are kept. */
function encodeBytes(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += ALPHABET.charAt(byte & 31)
  return text
}
