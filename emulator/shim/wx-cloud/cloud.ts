/** An object like `wx.cloud` (miniprogram-api-typings `lib.wx.cloud.d.ts`) that talks to the local cloud. */
import { type Callbacks, hasCallbacks, settle } from './callbacks.ts'
import { CloudID } from './cloud-id.ts'
import { Database, type DatabaseOptions } from './database.ts'
import { CloudError } from './errors.ts'
import { deleteFile, downloadFile, getTempFileURL, type Task, uploadFile } from './files.ts'
import { callFunction } from './functions.ts'

interface InitOptions {
  env?: string | { database?: string; functions?: string; storage?: string }
  traceUser?: boolean
}

export function createWxCloud() {
  let initialised: InitOptions | undefined

  function assertInitialised(apiName: string): void {
    if (!initialised)
      throw new CloudError(-1, `${apiName}:fail Cloud API isn't enabled, please call wx.cloud.init first`)
  }

  /** @param run must not be called before `init`. */
  function call<Options extends object, T>(apiName: string, run: (options: Options) => Promise<T>) {
    return (options: Options & Callbacks<T>): Promise<T> | undefined => {
      const work = async () => {
        assertInitialised(apiName)
        return run(options)
      }
      return settle(options, work())
    }
  }

  /** Gives a promise, or in callback style the task. */
  function transfer<Options extends object, T>(
    apiName: string,
    run: (options: Options) => { task: Task; done: Promise<T> },
  ) {
    return (options: Options & Callbacks<T>): Promise<T> | Task => {
      try {
        assertInitialised(apiName)
      } catch (error) {
        const failed = Promise.reject<T>(error)
        return settle(options, failed) ?? NO_TASK
      }
      const { task, done } = run(options)
      const promise = settle(options, done)
      return hasCallbacks(options) || !promise ? task : promise
    }
  }

  return {
    init(options: InitOptions = {}): void {
      initialised = options
    },
    callFunction: call('cloud.callFunction', callFunction),
    uploadFile: transfer('cloud.uploadFile', uploadFile),
    downloadFile: transfer('cloud.downloadFile', downloadFile),
    getTempFileURL: call('cloud.getTempFileURL', getTempFileURL),
    deleteFile: call('cloud.deleteFile', deleteFile),
    database(options: DatabaseOptions = {}): Database {
      assertInitialised('cloud.database')
      const env = typeof initialised?.env === 'object' ? initialised.env.database : initialised?.env
      return new Database({ env, ...options })
    },
    CloudID,
    /** An environment shared by another mini program; here there is one, and it is this one. */
    Cloud: class {
      constructor(
        readonly options: { resourceAppid?: string; resourceEnv?: string; identityless?: boolean },
      ) {
        const cloud = createWxCloud()
        Object.assign(this, cloud, {
          init: async () => cloud.init({ env: options.resourceEnv }),
        })
      }
    },
  }
}

export type WxCloud = ReturnType<typeof createWxCloud>

const NO_TASK: Task = {
  abort: () => undefined,
  onProgressUpdate: () => undefined,
  offProgressUpdate: () => undefined,
}
