/** What a user does in the customer service chat, as the messages that the mini program gets of it. */
import type { Clock } from '../../core/clock.ts'
import type { Ids } from '../../core/ids.ts'
import type { CustomerService } from '../openapi/customer-service.ts'
import type { MessagePush, PushedMessage } from './message-push.ts'

export interface UserMessage {
  /** `text`, `image`, `miniprogrampage` or `event`. */
  msgType: string
  /** With `event`: `user_enter_tempsession`, or any other. */
  event?: string
  /** The fields of this kind: `Content`, `PicUrl`, `SessionFrom`, `PagePath`, … */
  fields?: Record<string, unknown>
}

export interface UserMessages {
  /** Settles when the function has been called once. */
  send(openid: string, message: UserMessage): Promise<PushedMessage>
}

export function createUserMessages(deps: {
  appid: string
  clock: Clock
  ids: Ids
  push: MessagePush
  customerService: CustomerService
}): UserMessages {
  return {
    async send(openid, { msgType, event, fields }) {
      if (event === undefined) await deps.customerService.userWrote(openid)
      else if (event === ENTERS) await deps.customerService.userEntered(openid)
      const createTime = Math.floor(deps.clock.nowMs() / 1000)
      const message = {
        FromUserName: openid,
        ToUserName: deps.appid,
        CreateTime: createTime,
        MsgType: msgType,
        ...(event === undefined ? { MsgId: `${deps.ids.hex(16)}_${createTime}` } : { Event: event }),
        ...defaultsOf(event ?? msgType)?.(deps),
        ...fields,
      }
      return deps.push.send(message, openid)
    },
  }
}

/** The event of a user who opens the chat. */
const ENTERS = 'user_enter_tempsession'

function defaultsOf(kind: string) {
  return Object.hasOwn(DEFAULTS, kind) ? DEFAULTS[kind] : undefined
}

/** The fields that the manual lists for each kind, so that a person need not give them all. */
const DEFAULTS: Record<string, (deps: { appid: string; ids: Ids }) => Record<string, unknown>> = {
  text: () => ({ Content: '你好' }),
  image: ({ ids }) => ({ PicUrl: 'http://127.0.0.1/picture.png', MediaId: ids.hex(32) }),
  miniprogrampage: ({ appid, ids }) => ({
    Title: '小程序',
    AppId: appid,
    PagePath: 'pages/index/index',
    ThumbUrl: 'http://127.0.0.1/picture.png',
    ThumbMediaId: ids.hex(32),
  }),
  [ENTERS]: () => ({ SessionFrom: 'wxapp' }),
}
