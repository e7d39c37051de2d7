import { isCloudId } from './cloud-id.ts'
import { assertType, CloudError, toCloudError } from './errors.ts'
import { currentSettings } from './settings.ts'
import { transport } from './transport.ts'

const API_NAME = 'cloud.callFunction'

export interface FunctionResult {
  result: unknown
  requestID: string
  errMsg: string
}

export async function callFunction(options: { name?: unknown; data?: unknown }): Promise<FunctionResult> {
  assertType(options, '', 'object', API_NAME)
  assertType(options.name, 'name', 'string', API_NAME)
  const data = options.data ?? {}
  assertType(data, 'data', 'object', API_NAME)
  const { url, user } = currentSettings()
  const cloudIds = Object.entries(data)
    .filter(([, value]) => isCloudId(value))
    .map(([name]) => encodeURIComponent(name))
  const headers = {
    'x-emulator-user': user,
    ...(cloudIds.length > 0 ? { 'x-emulator-cloud-ids': cloudIds.join(',') } : {}),
  }
  const address = `${url}/client/functions/${encodeURIComponent(String(options.name))}`
  const reply = await transport
    .post(address, headers, JSON.stringify(data))
    .catch((cause: unknown) => Promise.reject(toCloudError(cause, API_NAME)))
  const { result, requestID, errCode, errMsg } = reply
  if (typeof errCode === 'number') throw new CloudError(errCode, String(errMsg), textOf(requestID))
  return { result, requestID: String(requestID), errMsg: String(errMsg) }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
