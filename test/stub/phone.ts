import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { vi } from 'vitest'

export const STUB_DIR = join(import.meta.dirname, '../../miniprogram-stub')

export type Target = { kind: 'local'; url: string; user: string } | { kind: 'cloudbase'; env: string }

/** What `wx.cloud.callFunction` does on this phone: gives the function's return value, or throws `{ errMsg, errCode }`. */
export type CloudFunction = (name: string, event: Record<string, unknown>) => Promise<unknown>

/** A page as the user has it in front of them. */
export interface OpenPage {
  data: Record<string, unknown>
  /** Calls a handler or a lifetime of the page and waits until it is done. */
  run(handler: string, event?: unknown): Promise<void>
  /** A tap on an element with these `data-` attributes. */
  tap(handler: string, dataset?: Record<string, unknown>): Promise<void>
  /** An event with this detail: from a form, or from a component of ours. */
  tell(handler: string, detail: unknown): Promise<void>
}

/** Just enough of WeChat to run the mini program: storage that outlives the app, requests, dialogues. */
export interface Phone {
  readonly storage: Map<string, unknown>
  readonly toasts: string[]
  /** Where the app went, latest last. */
  readonly visited: string[]
  readonly badges: Map<number, string>
  /** What the next `wx.showModal` answers. */
  modal: { confirm: boolean; content?: string }
  /** While true, every request fails as without a network. */
  isOffline: boolean
  /** While true, requests arrive and their answers do not. */
  losesAnswers: boolean
  /** Kills the app and starts it again: module state is gone, storage stays. */
  startApp(): Promise<void>
  /** Loads a module of the mini program; its type is for the caller to say. */
  load<Module>(path: string): Promise<Module>
  open(page: string, query?: Record<string, string>): Promise<OpenPage>
  /** What a module of a page or component hands to `Page` or `Component`. */
  optionsOf(path: string): Promise<Record<string, unknown>>
}

export function createPhone(target: Target, cloudFunction?: CloudFunction): Phone {
  const storage = new Map<string, unknown>()
  const badges = new Map<number, string>()
  const toasts: string[] = []
  const visited: string[] = []
  /** What the modules of the running app handed to `Page`, `Component` and `App`, by path. */
  const registered = new Map<string, Record<string, unknown>>()
  let latest: Record<string, unknown> = {}

  const visit = ({ url }: { url: string }) => void visited.push(url)
  const wx = {
    getStorageSync: (key: string) => structuredClone(storage.get(key) ?? ''),
    setStorageSync: (key: string, value: unknown) => void storage.set(key, structuredClone(value)),
    removeStorageSync: (key: string) => void storage.delete(key),
    getStorageInfoSync: () => ({ keys: [...storage.keys()] }),
    showToast: ({ title }: { title: string }) => void toasts.push(title),
    showModal: async () => ({ cancel: !phone.modal.confirm, ...phone.modal }),
    stopPullDownRefresh: () => {},
    navigateTo: visit,
    redirectTo: visit,
    switchTab: visit,
    setTabBarBadge: ({ index, text }: { index: number; text: string }) => void badges.set(index, text),
    removeTabBarBadge: ({ index }: { index: number }) => void badges.delete(index),
    request: (call: RequestCall) => void request(call),
    cloud: { init: () => {}, callFunction: (call: FunctionCall) => void callFunction(call) },
  }

  async function request({ url, method, data, header, success, fail }: RequestCall): Promise<void> {
    try {
      if (phone.isOffline) throw new Error('timeout')
      const response = await fetch(url, { method, headers: header, body: JSON.stringify(data) })
      const answer: unknown = await response.json()
      if (phone.losesAnswers) throw new Error('timeout')
      success({ statusCode: response.status, data: answer })
    } catch (error) {
      fail({ errMsg: `request:fail ${String(error)}` })
    }
  }

  async function callFunction({ name, data, success, fail }: FunctionCall): Promise<void> {
    try {
      if (!cloudFunction) throw new Error('this phone has no cloud functions')
      success({ result: await cloudFunction(name, data) })
    } catch (error) {
      fail(error)
    }
  }

  function instanceOf(options: Record<string, unknown>): OpenPage {
    const instance = {
      ...options,
      data: { ...toRecord(structuredClone(options.data)) },
      setData(changes: Record<string, unknown>) {
        // Data travels to the view as JSON.
        Object.assign(instance.data, JSON.parse(JSON.stringify(changes)))
      },
    }
    const run = async (handler: string, event?: unknown) => {
      const member = Reflect.get(instance, handler)
      if (typeof member !== 'function') throw new Error(`the page has no ${handler}`)
      await member.call(instance, event)
    }
    return {
      get data() {
        return instance.data
      },
      run,
      tap: (handler, dataset = {}) => run(handler, { currentTarget: { dataset } }),
      tell: (handler, detail) => run(handler, { detail }),
    }
  }

  const phone: Phone = {
    storage,
    toasts,
    visited,
    badges,
    modal: { confirm: true },
    isOffline: false,
    losesAnswers: false,

    async startApp() {
      vi.resetModules()
      registered.clear()
      const register = (options: Record<string, unknown>) => {
        latest = options
      }
      Object.assign(globalThis, { wx, Page: register, Component: register, App: register })
      vi.doMock(join(STUB_DIR, 'target.ts'), () => ({ target }))
      await instanceOf(await phone.optionsOf('app.ts')).run('onLaunch')
    },

    load: (path) => import(pathToFileURL(join(STUB_DIR, path)).href),

    async optionsOf(path) {
      const known = registered.get(path)
      if (known) return known
      await phone.load(path)
      registered.set(path, latest)
      return latest
    },

    async open(name, query = {}) {
      const options = await phone.optionsOf(`pages/${name}/${name}.ts`)
      const page = instanceOf(options)
      if ('onLoad' in options) await page.run('onLoad', query)
      if ('onShow' in options) await page.run('onShow')
      return page
    },
  }
  return phone
}

function toRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

interface RequestCall {
  url: string
  method: string
  data: unknown
  header: Record<string, string>
  success(answer: { statusCode: number; data: unknown }): void
  fail(error: { errMsg: string }): void
}

interface FunctionCall {
  name: string
  data: Record<string, unknown>
  success(answer: { result: unknown }): void
  fail(error: unknown): void
}
