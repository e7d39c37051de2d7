/** WeChat's inner services that the SDK calls through the open API's envelope, each with messages of its own. */
import { createHmac } from 'node:crypto'
import * as z from 'zod'
import { notEmulated } from '../../core/errors.ts'
import { decodeMessage } from '../protobuf.ts'
import { type ByteReply, encodeServiceReply } from '../wire.ts'
import type { CloudIds } from './cloud-ids.ts'

interface InnerContext {
  appid: string
  cloudIds: CloudIds
}

type InnerService = (data: Uint8Array, openid: string | undefined, ctx: InnerContext) => ByteReply

export function callInnerService(
  name: string,
  data: Uint8Array,
  caller: { functionName?: string; openid?: string },
  ctx: InnerContext,
): ByteReply {
  // A function without a user (a timer, another function's call) reads nobody's data.
  const openid = caller.functionName === undefined ? caller.openid : (caller.openid ?? '')
  const service = Object.hasOwn(SERVICES, name) ? SERVICES[name] : undefined
  if (!service) throw notEmulated(`the inner service ${name}`)
  return service(data, openid, ctx)
}

const texts = z.array(z.string())

const SERVICES: Record<string, InnerService> = {
  /** `cloud.getOpenData({ list })` */
  ApiGetOpenDataByCloudId(data, openid, { cloudIds }) {
    const { cloudidList } = z
      .object({ cloudidList: texts })
      .parse(decodeMessage('ApiGetOpenDataByCloudIdReq', data))
    const dataList = cloudidList.map((cloudId) => ({
      cloudId,
      json: JSON.stringify(cloudIds.read(cloudId, openid)),
    }))
    return encodeServiceReply('ApiGetOpenDataByCloudIdResp', { dataList })
  },
  /** `cloud.getVoIPSign({ groupId, timestamp, nonce })` */
  ApiVoipSign(data, _openid, { appid }) {
    const { groupId, timestamp, nonce } = z
      .object({ groupId: z.string(), timestamp: z.number(), nonce: z.string() })
      .parse(decodeMessage('ApiVoipSignReq', data))
    return encodeServiceReply('ApiVoipSignResp', {
      signature: signatureOf([appid, groupId, nonce, `${timestamp}`]),
    })
  },
  /** `cloud.getCloudCallSign({ parameterList })` */
  GetCloudCallSign(data) {
    const { parameterList } = z
      .object({ parameterList: texts })
      .parse(decodeMessage('GetCloudCallSignReq', data))
    return encodeServiceReply('GetCloudCallSignResp', { signature: signatureOf(parameterList) })
  },
}

/** WeChat signs with the user's session key; ours is made up, so only the shape and the repeatability hold. */
const SESSION_KEY = 'local-cloud-session-key'

function signatureOf(parts: string[]): string {
  return createHmac('sha256', SESSION_KEY).update(parts.toSorted().join('')).digest('hex')
}
