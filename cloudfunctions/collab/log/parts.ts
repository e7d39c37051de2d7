import type { Part } from '../store.ts'

/** Before base64, which makes four of three: a part then leaves room in a record of 512 kB and in a reply of 1 MB. */
const PART_BYTES = 300_000

/** A state as the records that hold it. */
export function toParts(
  holder: { documentId: string; holderId: string; expiresAtMs: number | null },
  state: Uint8Array,
): Part[] {
  const count = Math.ceil(state.length / PART_BYTES)
  return Array.from({ length: count }, (_, part) => ({
    _id: partId(holder.holderId, part),
    ...holder,
    part,
    data: Buffer.from(state.subarray(part * PART_BYTES, (part + 1) * PART_BYTES)).toString('base64'),
  }))
}

export function partId(holderId: string, part: number): string {
  return `${holderId}-${part}`
}
