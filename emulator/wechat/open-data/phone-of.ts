import { createHash } from 'node:crypto'

/** A user's number, in the range that Chinese samples use: derived from the openid, so that a user keeps it. */
export function phoneOf(openid: string): string {
  const digits = createHash('sha256').update(openid).digest().readUInt32BE(0) % 10_000
  return `1380013${String(digits).padStart(4, '0')}`
}
