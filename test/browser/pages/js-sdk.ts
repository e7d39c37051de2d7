/** The page that tests of the web SDK drive: the real SDK as an application bundles it, pointed at a local cloud. */
import type { Db } from '@cloudbase/database'
import cloudbase from '@cloudbase/js-sdk'

export type Mode = 'GATEWAY' | 'CLOUD_API'

/** Of the SDK, as it is: its own declarations are older than it (`data` and `error` of sign-ins, `method` of uploads). */
export interface WebApp {
  auth(): {
    signInAnonymously(options: object): Promise<SignedIn>
    signInWithCustomTicket(getTicket: () => Promise<string>): Promise<SignedIn>
    signInWithPassword(account: { username: string; password: string }): Promise<SignedIn>
    signOut(): Promise<unknown>
    getUser(): Promise<SignedIn>
  }
  callFunction(call: {
    name: string
    data?: object
  }): Promise<{ result: { user: object }; requestId: string }>
  uploadFile(upload: {
    cloudPath: string
    filePath: File
    method: 'put' | 'post'
    onUploadProgress?(event: { loaded: number }): void
  }): Promise<{ fileID: string }>
  getTempFileURL(files: {
    fileList: string[]
  }): Promise<{ fileList: { tempFileURL: string; code: string }[] }>
  downloadFile(file: { fileID: string }): Promise<{ statusCode: number }>
  deleteFile(files: { fileList: string[] }): Promise<{ fileList: { fileID: string; code: string }[] }>
}

interface SignedIn {
  data: { user: { id: string; is_anonymous: boolean; user_metadata: { username?: string } } | null }
  error: Error | null
}

declare global {
  var app: WebApp
  var db: Db
  /** Every connection that the page has opened. */
  var sockets: { close(): void }[]
  /** @param url of the local cloud */
  var connect: (url: string, endPointMode?: Mode) => void
}

globalThis.sockets = []
globalThis.WebSocket = class extends globalThis.WebSocket {
  constructor(address: string | URL, protocols?: string | string[]) {
    super(address, protocols)
    globalThis.sockets.push(this)
  }
} as typeof WebSocket // the page has the browser's, whose type is not Node's

globalThis.connect = (url, endPointMode) => {
  const app = cloudbase.init({ env: 'local', endPointMode })
  app.registerHost(new URL(url).host, 'http')
  // What the SDK's declarations leave out.
  globalThis.app = app as unknown as WebApp
  globalThis.db = app.database() as unknown as Db
}
