import { createHash, randomBytes } from 'node:crypto'

/** Where identifiers come from. With a seed, the same run gives the same identifiers. */
export interface Ids {
  /** `bytes` random bytes as lower-case hex. */
  hex(bytes: number): string
  /** The shape of a request id of the platform. */
  requestId(): string
}

export function createIds(seed?: string): Ids {
  let counter = 0
  const bytes = (size: number): Buffer => {
    if (seed === undefined) return randomBytes(size)
    const blocks: Buffer[] = []
    for (let have = 0; have < size; have += 32) {
      blocks.push(createHash('sha256').update(`${seed}:${counter++}`).digest())
    }
    return Buffer.concat(blocks).subarray(0, size)
  }
  const hex = (size: number) => bytes(size).toString('hex')
  return {
    hex,
    requestId: () => {
      const raw = hex(16)
      return `${raw.slice(0, 8)}-${raw.slice(8, 12)}-${raw.slice(12, 16)}-${raw.slice(16, 20)}-${raw.slice(20)}`
    },
  }
}
