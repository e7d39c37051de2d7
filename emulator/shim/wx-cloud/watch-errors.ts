import { CloudError, textOf, toCloudError } from './errors.ts'

const API_NAME = 'collection.watch'
const PREFIX = 'SDK_DATABASE_REALTIME_LISTENER_'

/** A base library's numbers (WeChat manual: error codes) for the names that `@cloudbase/database` gives failures. */
const NUMBERS: Record<string, number> = {
  INIT_WATCH_FAIL: -402002,
  RECONNECT_WATCH_FAIL: -402003,
  REBUILD_WATCH_FAIL: -402004,
  CLOSE_WATCH_FAIL: -402005,
  SERVER_ERROR_MSG: -402006,
  RECEIVE_INVALID_SERVER_DATA: -402007,
  WEBSOCKET_CONNECTION_ERROR: -402008,
  WEBSOCKET_CONNECTION_CLOSED: -402009,
  CHECK_LAST_FAIL: -402010,
  UNEXPECTED_FATAL_ERROR: -402011,
}

/** The package tells a refusal twice, first as the server's bare message: undefined then, for once is enough. */
export function findWatchError(told: unknown): CloudError | undefined {
  if (typeof told !== 'object' || told === null || 'msgType' in told) return undefined
  const name = 'errCode' in told ? String(told.errCode) : ''
  const cause: unknown = 'errMsg' in told ? told.errMsg : told
  const refusal: unknown = Object(Object(cause).payload).msgData
  if (typeof Object(refusal).code === 'string') return toCloudError(refusal, API_NAME)
  const errCode = NUMBERS[name.replace(PREFIX, '')] ?? -1
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new CloudError(errCode, `${API_NAME}:fail ${errCode} ${textOf(errCode)}. ${reason}`)
}
