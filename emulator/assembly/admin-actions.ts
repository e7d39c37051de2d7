/** The door of server SDKs: which service carries out which action of their wire. */
import { invokeFunctionAction } from '../functions/index.ts'
import type { AdminActions } from '../gateway/index.ts'
import type { Wechat } from '../wechat/index.ts'
import type { Engines } from './engines.ts'

export function adminActions({ database, storage, invoke, wechat }: Engines, appid: string): AdminActions {
  return {
    'functions.invokeFunction': {
      handle: (_, { fields }, { invocationId, functionName, source }) =>
        invokeFunctionAction(fields, source, appid, (call) => invoke(call, { invocationId, functionName })),
    },
    'database.': {
      service: 'database',
      handle: (action, { fields }, caller) => database.handle(action, fields, caller),
    },
    'storage.': {
      service: 'storage',
      handle: (action, { fields }, caller) => storage.handle(action, fields, caller),
    },
    'wx.openApi': wechatAction('wx.openApi'),
    'wx.wxPayApi': wechatAction('wx.wxPayApi'),
    'wx.api': wechatAction('wx.api'),
  }

  function wechatAction(action: Parameters<Wechat['handle']>[0]): AdminActions[string] {
    return {
      service: 'wechat',
      handle: (_, { fields, binary }, caller) =>
        wechat.handle(action, { text: textsOf(fields), binary }, caller),
    }
  }
}

function textsOf(fields: Record<string, unknown>): Record<string, string> {
  const texts: Record<string, string> = {}
  for (const [name, value] of Object.entries(fields)) if (typeof value === 'string') texts[name] = value
  return texts
}
