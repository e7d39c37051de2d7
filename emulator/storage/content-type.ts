/** What a file is: by the ending of its name, else by its first bytes. */
export function contentTypeOf(cloudPath: string, head: Uint8Array): string {
  const extension = /\.([A-Za-z0-9]+)$/.exec(cloudPath)?.[1]?.toLowerCase()
  return (extension && BY_EXTENSION.get(extension)) || sniff(head) || 'application/octet-stream'
}

/** As many bytes as `contentTypeOf` looks at. */
export const HEAD_BYTES = 16

const BY_EXTENSION = new Map(
  Object.entries({
    avif: 'image/avif',
    bmp: 'image/bmp',
    css: 'text/css',
    csv: 'text/csv',
    gif: 'image/gif',
    gz: 'application/gzip',
    html: 'text/html',
    ico: 'image/x-icon',
    jpeg: 'image/jpeg',
    jpg: 'image/jpeg',
    js: 'text/javascript',
    json: 'application/json',
    m4a: 'audio/mp4',
    mp3: 'audio/mpeg',
    mp4: 'video/mp4',
    pdf: 'application/pdf',
    png: 'image/png',
    svg: 'image/svg+xml',
    txt: 'text/plain',
    wav: 'audio/wav',
    webm: 'video/webm',
    webp: 'image/webp',
    xml: 'application/xml',
    zip: 'application/zip',
  }),
)

function sniff(head: Uint8Array): string | undefined {
  const bytes = Buffer.from(head).toString('latin1')
  if (bytes.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png'
  if (bytes.startsWith('\xff\xd8\xff')) return 'image/jpeg'
  if (bytes.startsWith('GIF8')) return 'image/gif'
  if (bytes.startsWith('RIFF') && bytes.slice(8, 12) === 'WEBP') return 'image/webp'
  if (bytes.startsWith('%PDF-')) return 'application/pdf'
  if (bytes.slice(4, 8) === 'ftyp') return 'video/mp4'
  if (bytes.startsWith('PK\x03\x04')) return 'application/zip'
  if (bytes.startsWith('\x1f\x8b')) return 'application/gzip'
  return undefined
}
