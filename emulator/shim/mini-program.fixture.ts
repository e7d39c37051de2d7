/** For tests: a script run as WeChat runs it, with `wx` and little else: no `fetch`, no `eval`, no `Function()`. */
import { readFileSync } from 'node:fs'
import { createContext, runInContext } from 'node:vm'
import { WebSocket } from 'ws'

interface Callbacks {
  success(result: object): void
  fail(error: { errMsg: string }): void
}

export interface MiniProgram {
  /** `require(script)` in this mini program. */
  load(script: string): unknown
  /** The value of an expression, for example of a promise. */
  run(expression: string): unknown
  readonly sockets: WebSocket[]
}

/** @param storage what `wx.getStorageSync` knows */
export function createMiniProgram(storage: Record<string, string> = {}): MiniProgram {
  const sockets: WebSocket[] = []
  const wx = {
    getStorageSync: (key: string) => storage[key] ?? '',
    request({ url, method, header, data, success, fail }: Callbacks & RequestCall) {
      fetch(url, { method, headers: header, body: data }).then(
        async (response) => success({ statusCode: response.status, data: await response.json() }),
        (error: unknown) => fail({ errMsg: `request:fail ${error}` }),
      )
    },
    uploadFile({ url, filePath, name, formData, success, fail }: Callbacks & UploadCall) {
      const form = new FormData()
      for (const [key, value] of Object.entries(formData)) form.append(key, value)
      form.append(name, new Blob([readFileSync(filePath)]))
      const listeners: ((progress: object) => void)[] = []
      const aborted = new AbortController()
      fetch(url, { method: 'POST', body: form, signal: aborted.signal }).then(
        async (response) => {
          for (const listener of listeners) listener({ totalBytesSent: 3, totalBytesExpectedToSend: 3 })
          success({ statusCode: response.status, data: await response.text() })
        },
        () => fail({ errMsg: 'uploadFile:fail abort' }),
      )
      const onProgressUpdate = (listener: (progress: object) => void) => void listeners.push(listener)
      return { onProgressUpdate, abort: () => aborted.abort() }
    },
    downloadFile({ url, success, fail }: Callbacks & { url: string }) {
      fetch(url).then(
        async (response) => success({ statusCode: response.status, tempFilePath: await response.text() }),
        (error: unknown) => fail({ errMsg: `downloadFile:fail ${error}` }),
      )
      return { onProgressUpdate: () => undefined, abort: () => undefined }
    },
    connectSocket({ url }: { url: string }) {
      const socket = new WebSocket(url)
      sockets.push(socket)
      return {
        send: ({ data }: { data: string }) => socket.send(data),
        close: ({ code, reason }: { code?: number; reason?: string }) => socket.close(code, reason),
        onOpen: (listener: () => void) => socket.on('open', listener),
        onMessage: (listener: (message: object) => void) =>
          socket.on('message', (data) => listener({ data: String(data) })),
        onClose: (listener: (event: object) => void) =>
          socket.on('close', (code, reason) => listener({ code, reason: String(reason) })),
        onError: (listener: (error: object) => void) =>
          socket.on('error', (error) => listener({ errMsg: error.message })),
      }
    },
  }
  const silent = { log() {}, warn() {}, error() {} }
  const context = createContext(
    { wx, module: { exports: {} }, setTimeout, clearTimeout, console: silent },
    { codeGeneration: { strings: false, wasm: false } },
  )
  return {
    sockets,
    load: (script) => runInContext(`${script}\nmodule.exports`, context),
    run: (expression) => runInContext(expression, context),
  }
}

interface RequestCall {
  url: string
  method: string
  header: Record<string, string>
  data: string
}

interface UploadCall {
  url: string
  filePath: string
  name: string
  formData: Record<string, string>
}
