import type { Caller } from '../context.ts'
import type { WxContext } from '../runtime/cloud.ts'

/**
 * Who calls, from the platform's context alone. SOURCE is a chain such as `wx_client,scf`; its last link made this call.
 * Only the event of a function is believed, and only about on whose behalf it calls, because identity does not travel
 * between functions (`Type: 'Timer'`, `userInfo` or an openid in a client's event mean nothing).
 */
export function callerOf(wx: WxContext, event: Record<string, unknown>): Caller {
  const lastLink = (wx.SOURCE ?? '').split(',').at(-1)?.trim()
  if (lastLink === 'scf') {
    return typeof event.onBehalfOf === 'string' && event.onBehalfOf !== ''
      ? { kind: 'function', onBehalfOf: event.onBehalfOf }
      : { kind: 'function' }
  }
  if (lastLink === 'wx_trigger') return { kind: 'timer' }
  // In a shared environment FROM_OPENID is the real caller, OPENID belongs to the owner's side.
  const openid = wx.FROM_OPENID ?? wx.OPENID
  if ((lastLink === 'wx_client' || lastLink === 'wx_devtools') && openid) {
    // getWXContext turns an identifier of digits only into a number.
    return { kind: 'user', openid: String(openid), appid: String(wx.APPID ?? ''), unionid: wx.UNIONID }
  }
  return { kind: 'platform' }
}
