/** WeChat and WeChat DevTools: `wx.request`, `wx.uploadFile`, `wx.downloadFile`, `wx.connectSocket`. */
import { unanswered } from './errors.ts'
import type { MiniProgram, MiniProgramTask, Socket, SocketTask } from './host.ts'
import type { Running, Transport } from './transport.ts'

export function miniProgramTransport(wx: MiniProgram): Transport {
  return {
    post: (url, header, data) =>
      new Promise((resolve, reject) => {
        const headers = { ...header, 'content-type': 'application/json' }
        const success = (reply: { data: unknown }) => resolve(Object(reply.data))
        const fail = ({ errMsg }: { errMsg: string }) => reject(unanswered(url, errMsg))
        wx.request?.({ url, method: 'POST', header: headers, data, success, fail })
      }),
    upload(url, formData, file, progress) {
      const running = runTask<{ data: string; statusCode: number }>((callbacks) =>
        wx.uploadFile?.({ url, filePath: String(file), name: 'file', formData, ...callbacks }),
      )
      running.task?.onProgressUpdate(({ totalBytesSent = 0, totalBytesExpectedToSend = 0 }) =>
        progress(totalBytesSent, totalBytesExpectedToSend),
      )
      const done = running.done.then(({ data, statusCode }) => ({ statusCode, text: data }))
      return { done, abort: running.abort }
    },
    download(url, progress) {
      const running = runTask<{ tempFilePath: string; statusCode: number }>((callbacks) =>
        wx.downloadFile?.({ url, ...callbacks }),
      )
      running.task?.onProgressUpdate(({ totalBytesWritten = 0, totalBytesExpectedToWrite = 0 }) =>
        progress(totalBytesWritten, totalBytesExpectedToWrite),
      )
      return running
    },
    socketClass: () => socketClassOf(wx),
  }
}

function runTask<T>(
  start: (callbacks: {
    success(result: T): void
    fail(error: { errMsg: string }): void
  }) => MiniProgramTask | undefined,
): Running<T> & { task: MiniProgramTask | undefined } {
  let task: MiniProgramTask | undefined
  const done = new Promise<T>((resolve, reject) => {
    task = start({ success: resolve, fail: reject })
  })
  return { done, task, abort: () => task?.abort() }
}

/** A `SocketTask` as the realtime client wants it: a browser's WebSocket. */
function socketClassOf(wx: MiniProgram): ReturnType<Transport['socketClass']> {
  return class implements Socket {
    readyState = 0
    onopen: Socket['onopen'] = null
    onmessage: Socket['onmessage'] = null
    onclose: Socket['onclose'] = null
    onerror: Socket['onerror'] = null
    private readonly task: SocketTask | undefined

    constructor(url: string) {
      this.task = wx.connectSocket?.({ url })
      this.task?.onOpen(() => {
        this.readyState = 1
        this.onopen?.({})
      })
      this.task?.onMessage((message) => this.onmessage?.(message))
      this.task?.onError((error) => this.onerror?.(error))
      this.task?.onClose((event) => {
        this.readyState = 3
        this.onclose?.(event)
      })
    }

    send(data: string): void {
      this.task?.send({ data })
    }

    close(code?: number, reason?: string): void {
      this.readyState = 2
      this.task?.close({ code, reason })
    }
  }
}
