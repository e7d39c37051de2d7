/** `wx.cloud` of one user's phone: the client file that the local cloud serves, run as a program loads it. */
export interface WxCloud {
  init(options: object): void
  database(): {
    command: { gt(value: number): unknown }
    collection(name: string): {
      where(query: object): {
        get(): Promise<{ data: object[] }>
        watch(options: { onChange(snapshot: { docs: object[] }): void; onError(error: unknown): void }): {
          close(): unknown
        }
      }
    }
  }
  uploadFile(file: { cloudPath: string; filePath: Blob }): Promise<{ fileID: string }>
  downloadFile(file: { fileID: string }): Promise<{ tempFilePath: string }>
  deleteFile(files: { fileList: string[] }): Promise<{ fileList: { status: number }[] }>
  getTempFileURL(files: {
    fileList: string[]
  }): Promise<{ fileList: { fileID: string; status: number; tempFileURL: string }[] }>
}

export async function loadWxCloud(url: string, user: string): Promise<WxCloud> {
  const script = await (await fetch(`${url}/client/wx-cloud.js`)).text()
  const module: { exports: unknown } = { exports: {} }
  new Function('module', 'exports', script)(module, module.exports)
  // What the file exports is described above, as far as stories use it.
  const create = module.exports as ((settings: { url: string; user: string }) => WxCloud) & {
    configure(settings: { url: string; user: string }): void
  }
  create.configure({ url, user })
  const cloud = create({ url, user })
  cloud.init({})
  return cloud
}
