/** How bytes travel: the one thing that differs between a browser, Node and a mini program. */
import { host, type SocketClass } from './host.ts'
import { miniProgramTransport } from './mini-program.ts'
import { webTransport } from './web.ts'

export interface Transport {
  /** Gives the JSON object of the reply, whatever its status; rejects with `{ errMsg }` when none came. */
  post(url: string, headers: Record<string, string>, body: string): Promise<Record<string, unknown>>
  /** POST of a form: these fields, then the file. */
  upload(
    url: string,
    fields: Record<string, string>,
    file: unknown,
    progress: OnProgress,
  ): Running<{ statusCode: number; text: string }>
  download(url: string, progress: OnProgress): Running<{ tempFilePath: string; statusCode: number }>
  socketClass(): SocketClass
}

export interface Running<T> {
  done: Promise<T>
  abort(): void
}

export type OnProgress = (doneBytes: number, totalBytes: number) => void

export const transport: Transport =
  host.wx?.request && host.wx.connectSocket ? miniProgramTransport(host.wx) : webTransport(host)
