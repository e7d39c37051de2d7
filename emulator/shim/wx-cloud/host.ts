/** What this code finds around it: a browser, Node, or a mini program. Every name may be missing. */

export interface Host {
  wx?: MiniProgram
  fetch?: typeof fetch
  XMLHttpRequest?: new () => Xhr
  WebSocket?: SocketClass
  localStorage?: { getItem(key: string): string | null }
  document?: { currentScript?: { src?: string } | null }
  /** Chosen by a page before it loads this file. */
  __cloudbase_emulator__?: { url?: string; user?: string }
}

/** The part of a mini program's `wx` that is used here (miniprogram-api-typings `lib.wx.api.d.ts`). */
export interface MiniProgram {
  cloud?: unknown
  request?(call: {
    url: string
    method: 'POST'
    header: Record<string, string>
    data: string
    success(reply: { data: unknown; statusCode: number }): void
    fail(error: { errMsg: string }): void
  }): void
  uploadFile?(call: {
    url: string
    filePath: string
    name: string
    formData: Record<string, string>
    success(reply: { data: string; statusCode: number }): void
    fail(error: { errMsg: string }): void
  }): MiniProgramTask
  downloadFile?(call: {
    url: string
    success(reply: { tempFilePath: string; statusCode: number }): void
    fail(error: { errMsg: string }): void
  }): MiniProgramTask
  connectSocket?(call: { url: string }): SocketTask
  getStorageSync?(key: string): unknown
}

export interface MiniProgramTask {
  abort(): void
  onProgressUpdate(listener: (progress: MiniProgramProgress) => void): void
}

export interface MiniProgramProgress {
  progress: number
  totalBytesSent?: number
  totalBytesExpectedToSend?: number
  totalBytesWritten?: number
  totalBytesExpectedToWrite?: number
}

export interface SocketTask {
  send(message: { data: string }): void
  close(options: { code?: number; reason?: string }): void
  onOpen(listener: () => void): void
  onMessage(listener: (message: { data: unknown }) => void): void
  onClose(listener: (event: { code: number; reason: string }) => void): void
  onError(listener: (error: { errMsg: string }) => void): void
}

/** As much of XMLHttpRequest as an upload needs: `fetch` tells no progress. */
export interface Xhr {
  status: number
  responseText: string
  upload: {
    onprogress: ((event: { loaded: number; total: number; lengthComputable: boolean }) => void) | null
  }
  onload: (() => void) | null
  onerror: (() => void) | null
  onabort: (() => void) | null
  open(method: string, url: string): void
  send(body: FormData): void
  abort(): void
}

export interface Socket {
  readyState: number
  onopen: ((event: unknown) => void) | null
  onmessage: ((event: { data: unknown }) => void) | null
  onclose: ((event: { code: number; reason: string }) => void) | null
  onerror: ((event: unknown) => void) | null
  send(data: string): void
  close(code?: number, reason?: string): void
}

export type SocketClass = new (url: string) => Socket

// The one place that looks at globals: which of them exist is what this type says.
export const host: Host = globalThis as unknown as Host
