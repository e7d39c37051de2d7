/** Browsers and Node. */
import { unanswered } from './errors.ts'
import type { Host, SocketClass } from './host.ts'
import type { OnProgress, Running, Transport } from './transport.ts'

export function webTransport(host: Host): Transport {
  return {
    async post(url, headers, body) {
      const response = await answered(
        url,
        fetch(url, { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body }),
      )
      return Object(await response.json())
    },
    upload(url, fields, file, progress) {
      const aborted = new AbortController()
      const done = formOf(fields, file).then((form) => {
        const upload = { url, form, progress, signal: aborted.signal }
        return host.XMLHttpRequest ? sendByXhr(new host.XMLHttpRequest(), upload) : sendByFetch(upload)
      })
      return { done, abort: () => aborted.abort() }
    },
    download,
    socketClass: () => host.WebSocket ?? NoWebSocket,
  }
}

interface Upload {
  url: string
  form: FormData
  progress: OnProgress
  signal: AbortSignal
}

interface Uploaded {
  statusCode: number
  text: string
}

function sendByXhr(
  xhr: InstanceType<NonNullable<Host['XMLHttpRequest']>>,
  upload: Upload,
): Promise<Uploaded> {
  return new Promise((resolve, reject) => {
    xhr.open('POST', upload.url)
    xhr.upload.onprogress = ({ loaded, total, lengthComputable }) =>
      lengthComputable && upload.progress(loaded, total)
    xhr.onload = () => resolve({ statusCode: xhr.status, text: xhr.responseText })
    xhr.onerror = () => reject({ errMsg: 'uploadFile:fail network error' })
    xhr.onabort = () => reject({ errMsg: 'uploadFile:fail abort' })
    upload.signal.addEventListener('abort', () => xhr.abort())
    if (upload.signal.aborted) reject({ errMsg: 'uploadFile:fail abort' })
    else xhr.send(upload.form)
  })
}

async function sendByFetch({ url, form, progress, signal }: Upload): Promise<Uploaded> {
  const response = await answered(url, fetch(url, { method: 'POST', body: form, signal }))
  const file = form.get('file')
  if (file instanceof Blob) progress(file.size, file.size)
  return { statusCode: response.status, text: await response.text() }
}

/** `filePath` is an address that can be fetched (`blob:`, `data:`, …), or the file itself: pages have no paths. */
async function formOf(fields: Record<string, string>, file: unknown): Promise<FormData> {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  if (file instanceof Blob) form.append('file', file)
  else if (typeof file === 'string') form.append('file', await (await answered(file, fetch(file))).blob())
  else throw { errMsg: 'uploadFile:fail filePath must be a Blob or an address that can be fetched' }
  return form
}

function download(url: string, progress: OnProgress): Running<{ tempFilePath: string; statusCode: number }> {
  const aborted = new AbortController()
  const run = async () => {
    const response = await answered(url, fetch(url, { signal: aborted.signal }))
    const totalBytes = Number(response.headers.get('content-length'))
    const chunks: Uint8Array<ArrayBuffer>[] = []
    let doneBytes = 0
    const reader = response.body?.getReader()
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
      chunks.push(new Uint8Array(part.value))
      doneBytes += part.value.byteLength
      progress(doneBytes, totalBytes)
    }
    const type = response.headers.get('content-type') ?? ''
    return { tempFilePath: URL.createObjectURL(new Blob(chunks, { type })), statusCode: response.status }
  }
  return { done: run(), abort: () => aborted.abort() }
}

async function answered(url: string, response: Promise<Response>): Promise<Response> {
  try {
    return await response
  } catch (error) {
    throw unanswered(url, `request:fail ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** Node 20 has none of its own. */
const NoWebSocket: SocketClass = class {
  constructor() {
    throw new Error(
      'watch() needs a WebSocket: set globalThis.WebSocket, for example to that of the package ws',
    )
  }
} as unknown as SocketClass // Its constructor never gives an instance.
