/** What a file really is, by its content: names and types that a client gives mean nothing. */

const extensions = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'application/pdf': 'pdf',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
} as const

export type FileType = keyof typeof extensions

export const fileTypes = Object.keys(extensions) as [FileType, ...FileType[]]

export function extensionOf(type: FileType): string {
  return extensions[type]
}

/** Undefined for everything that nobody may upload, web pages and SVG (which runs scripts) among them. */
export function findFileType(bytes: Buffer): FileType | undefined {
  const starts = (text: string, at = 0) =>
    bytes.subarray(at, at + text.length).equals(Buffer.from(text, 'latin1'))
  if (starts('\xff\xd8\xff')) return 'image/jpeg'
  // Eight bytes, then the header chunk: 13 bytes long, named IHDR.
  if (starts('\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR')) return 'image/png'
  if (starts('GIF87a') || starts('GIF89a')) return 'image/gif'
  if (starts('RIFF') && starts('WEBP', 8)) return 'image/webp'
  if (starts('%PDF-')) return 'application/pdf'
  if (starts('PK\x03\x04')) return officeTypeOf(bytes)
  return undefined
}

/** Office files are archives; their parts tell them from other archives. */
function officeTypeOf(bytes: Buffer): FileType | undefined {
  if (!bytes.includes('[Content_Types].xml')) return undefined
  if (bytes.includes('word/document.xml')) {
    return 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'
  }
  return bytes.includes('xl/workbook.xml')
    ? 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
    : undefined
}
