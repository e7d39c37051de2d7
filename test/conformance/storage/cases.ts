import { expect } from 'vitest'
import type { Failure } from '../database/case.ts'

/** The four storage calls of wx-server-sdk. */
export interface StorageSdk {
  uploadFile(options: { cloudPath: string; fileContent: Buffer }): Promise<{ fileID: string }>
  downloadFile(options: { fileID: string }): Promise<{ fileContent: Buffer }>
  getTempFileURL(options: {
    fileList: (string | { fileID: string; maxAge: number })[]
  }): Promise<{ fileList: { tempFileURL: string }[] }>
  deleteFile(options: { fileList: string[] }): Promise<unknown>
}

export interface StorageCase {
  name: string
  run(sdk: StorageSdk): Promise<unknown>
  returns?: unknown
  fails?: Failure
}

const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')
const upload = (sdk: StorageSdk, cloudPath: string, fileContent = PNG) =>
  sdk.uploadFile({ cloudPath, fileContent })
const fileIdOf = (path: string) => expect.stringMatching(new RegExp(`^cloud://local\\.[^/]+/${path}$`))
const missing = 'cloud://local.6c6f-local-1250000000/never.png'
const NO_FILE = { status: -503003, errMsg: expect.stringContaining('file not exist') }

/** Wrong calls that the SDK itself, or the platform, refuses. JavaScript programs make them. */
const wrong = <T>(value: unknown) => value as T

export const storageCases: StorageCase[] = [
  {
    name: 'an upload gives a file id, and never the status',
    run: (sdk) => upload(sdk, 'pictures/a.png'),
    returns: { fileID: fileIdOf('pictures/a\\.png'), statusCode: -1, errMsg: 'uploadFile:ok' },
  },
  {
    name: 'the bytes come back as they were',
    run: async (sdk) => sdk.downloadFile(await upload(sdk, 'a.png')),
    returns: { fileContent: PNG, statusCode: 200, errMsg: 'downloadFile:ok' },
  },
  {
    name: 'a file without content comes back empty',
    run: async (sdk) => {
      const { fileID } = await upload(sdk, 'empty.txt', Buffer.alloc(0))
      return (await sdk.downloadFile({ fileID })).fileContent.length
    },
    returns: 0,
  },
  {
    name: 'a path with Chinese letters, spaces and signs is kept',
    run: async (sdk) => {
      const { fileID } = await upload(sdk, '图片/红 苹果 (1)+&=?.jpg')
      return [fileID.split('/').slice(3).join('/'), (await sdk.downloadFile({ fileID })).fileContent]
    },
    returns: ['图片/红 苹果 (1)+&=?.jpg', PNG],
  },
  {
    name: 'the same path again replaces the file',
    run: async (sdk) => {
      await upload(sdk, 'a.txt', Buffer.from('one'))
      const { fileID } = await upload(sdk, 'a.txt', Buffer.from('two'))
      return (await sdk.downloadFile({ fileID })).fileContent.toString()
    },
    returns: 'two',
  },
  ...['', '/a.png', 'a//b.png', 'a{b}.png', 'a%20b.png', 'x'.repeat(851)].map(
    (cloudPath): StorageCase => ({
      name: `the path ${JSON.stringify(cloudPath.slice(0, 20))} is refused`,
      run: (sdk) => upload(sdk, cloudPath),
      fails: { errMsg: /^uploadFile:fail / },
    }),
  ),
  {
    name: 'an upload without a path is refused by the SDK',
    run: (sdk) => sdk.uploadFile(wrong({ fileContent: PNG })),
    fails: { errMsg: /cloudPath/ },
  },
  {
    name: 'an upload without content is refused',
    run: (sdk) => sdk.uploadFile(wrong({ cloudPath: 'a.png' })),
    fails: { errMsg: /^uploadFile:fail / },
  },
  {
    name: 'a file that never was cannot be downloaded',
    run: (sdk) => sdk.downloadFile({ fileID: missing }),
    fails: { errMsg: /^downloadFile:fail / },
  },
  {
    name: 'a download without a file id is refused by the SDK',
    run: (sdk) => sdk.downloadFile(wrong({})),
    fails: { errMsg: /fileID/ },
  },
  {
    name: 'an address is given for a file, none for one that never was, in the order of the request',
    run: async (sdk) => {
      const { fileID } = await upload(sdk, 'a.png')
      return sdk.getTempFileURL({ fileList: [missing, fileID] })
    },
    returns: {
      errMsg: 'getTempFileURL:ok',
      fileList: [
        { fileID: missing, ...NO_FILE, maxAge: expect.any(Number), tempFileURL: '' },
        {
          fileID: fileIdOf('a\\.png'),
          status: 0,
          errMsg: 'ok',
          maxAge: 7200,
          tempFileURL: expect.stringMatching(/^https?:.*a\.png/),
        },
      ],
    },
  },
  {
    name: 'an address for a while of its own tells that while',
    run: async (sdk) => {
      const { fileID } = await upload(sdk, 'a.png')
      return (await sdk.getTempFileURL({ fileList: [{ fileID, maxAge: 60 }] })).fileList
    },
    returns: [expect.objectContaining({ status: 0, maxAge: 60 })],
  },
  {
    name: 'no files, no addresses',
    run: (sdk) => sdk.getTempFileURL({ fileList: [] }),
    returns: { errMsg: 'getTempFileURL:ok', fileList: [] },
  },
  {
    name: 'addresses of more than 50 files are refused',
    run: (sdk) => sdk.getTempFileURL({ fileList: Array.from({ length: 51 }, () => missing) }),
    fails: { errMsg: /^getTempFileURL:fail / },
  },
  {
    name: 'addresses of what is no list are refused by the SDK',
    run: (sdk) => sdk.getTempFileURL(wrong({ fileList: 'a' })),
    fails: { errMsg: /fileList/ },
  },
  {
    name: 'a file is removed once',
    run: async (sdk) => {
      const { fileID } = await upload(sdk, 'a.png')
      return sdk.deleteFile({ fileList: [fileID, fileID, missing] })
    },
    returns: {
      errMsg: 'deleteFile:ok',
      fileList: [
        { fileID: fileIdOf('a\\.png'), status: 0, errMsg: 'ok' },
        { fileID: fileIdOf('a\\.png'), ...NO_FILE },
        { fileID: missing, ...NO_FILE },
      ],
    },
  },
  {
    name: 'a removed file is gone',
    run: async (sdk) => {
      const { fileID } = await upload(sdk, 'a.png')
      await sdk.deleteFile({ fileList: [fileID] })
      return sdk.downloadFile({ fileID })
    },
    fails: { errMsg: /^downloadFile:fail / },
  },
  {
    name: 'removal of more than 50 files is refused',
    run: (sdk) => sdk.deleteFile({ fileList: Array.from({ length: 51 }, () => missing) }),
    fails: { errMsg: /^deleteFile:fail / },
  },
  {
    name: 'removal of what is no file id is refused by the SDK',
    run: (sdk) => sdk.deleteFile(wrong({ fileList: [1] })),
    fails: { errMsg: /fileList/ },
  },
  {
    name: 'an id of another environment means the file of the same path here',
    run: async (sdk) => {
      await upload(sdk, 'banner.png')
      const { fileContent } = await sdk.downloadFile({
        fileID: 'cloud://prod.7072-prod-1300000000/banner.png',
      })
      return fileContent
    },
    returns: PNG,
  },
  {
    name: 'what is no file id at all is a file that does not exist',
    run: (sdk) => sdk.deleteFile({ fileList: ['a.png', 'https://example.com/a.png'] }),
    returns: {
      errMsg: 'deleteFile:ok',
      fileList: [expect.objectContaining(NO_FILE), expect.objectContaining(NO_FILE)],
    },
  },
]
