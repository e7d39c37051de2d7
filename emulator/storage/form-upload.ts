import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import busboy from 'busboy'

export interface UploadForm {
  /** What came before the file, by lower-case name. */
  fields: Record<string, string>
  file: Readable
}

/** Fields of an upload are short; a ticket is the longest. */
const MAX_FIELD_BYTES = 20_000

/**
 * An upload as a form: `POST` with `key`, `Signature`, `x-cos-*` and last `file`, as SDKs before 4.0 (node-sdk 2
 * `storage/index.ts`) and `wx.uploadFile` send it. Undefined when it is none; the file is read by whoever stores it.
 */
export function readUploadForm(request: IncomingMessage): Promise<UploadForm | undefined> {
  return new Promise((resolve) => {
    const fields: Record<string, string> = {}
    const parser = parserOf(request)
    if (!parser) return resolve(undefined)
    parser.on('field', (name, value) => {
      fields[name.toLowerCase()] = value
    })
    parser.on('file', (_name, file) => {
      // Its errors are those of whoever reads it; without a reader, as after a refusal, they are nobody's.
      file.on('error', () => {})
      resolve({ fields, file })
    })
    pipeline(request, parser).then(
      () => resolve(undefined),
      () => resolve(undefined),
    )
  })
}

function parserOf({ headers }: IncomingMessage): busboy.Busboy | undefined {
  try {
    return busboy({ headers, limits: { fieldSize: MAX_FIELD_BYTES, fields: 20, files: 1 } })
  } catch {
    return undefined // not a multipart body
  }
}
