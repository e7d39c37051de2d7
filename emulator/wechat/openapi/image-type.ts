/** The kind of a picture by its first bytes; undefined when it is none that WeChat takes. */
export function imageTypeOf(bytes: Uint8Array): string | undefined {
  return SIGNATURES.find(({ start }) => start.every((byte, index) => bytes[index] === byte))?.type
}

const SIGNATURES = [
  { type: 'image/png', start: [0x89, 0x50, 0x4e, 0x47] },
  { type: 'image/jpeg', start: [0xff, 0xd8, 0xff] },
  { type: 'image/gif', start: [0x47, 0x49, 0x46, 0x38] },
]
