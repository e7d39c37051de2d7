/** What a call of `wx.cloud` fails with: numbers and words as in wx-server-sdk's `error.config`, which it shares. */
export class CloudError extends Error {
  constructor(
    readonly errCode: number,
    readonly errMsg: string,
    /** Of the failed request, for the log of the local cloud. */
    readonly requestID?: string,
  ) {
    super(errMsg)
    this.name = 'CloudError'
  }
}

const UNKNOWN = -1
const SYSTEM_ERROR = -501001
const BAD_PARAMETER_TYPE = -401003

/** @param apiName `collection.add`, `cloud.uploadFile`, … */
export function toCloudError(cause: unknown, apiName: string): CloudError {
  if (cause instanceof CloudError) return cause
  if (isRefusal(cause)) {
    const errCode = CODES[cause.code] ?? SYSTEM_ERROR
    const errMsg = `${apiName}:fail ${errCode} ${textOf(errCode)}. ${cause.message ?? ''}`
    return new CloudError(errCode, errMsg, cause.requestId)
  }
  return new CloudError(UNKNOWN, `${apiName}:fail ${reasonOf(cause)}`)
}

/** @throws CloudError for a reply that is one of the platform's refusals. */
export function assertReply(reply: unknown, apiName: string): void {
  if (isRefusal(reply)) throw toCloudError(reply, apiName)
}

/** @throws CloudError in the words of the base library's own check of parameters. */
export function assertType(
  value: unknown,
  name: string,
  type: 'string' | 'object' | 'array',
  apiName: string,
): void {
  const actual = Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value
  if (actual === type) return
  throw new CloudError(
    BAD_PARAMETER_TYPE,
    `${apiName}:fail ${BAD_PARAMETER_TYPE} ${textOf(BAD_PARAMETER_TYPE)}. parameter.${name} should be ${type} instead of ${actual};`,
  )
}

/** The number of a file's code in a list, and its words. */
export function statusOf(code: unknown): { status: number; errMsg: string } {
  if (code === undefined || code === 'SUCCESS') return { status: 0, errMsg: 'ok' }
  const status = CODES[String(code)] ?? SYSTEM_ERROR
  return { status, errMsg: textOf(status) }
}

function isRefusal(value: unknown): value is { code: string; message?: string; requestId?: string } {
  return typeof value === 'object' && value !== null && 'code' in value && typeof value.code === 'string'
}

function reasonOf(cause: unknown): string {
  if (typeof cause === 'string') return cause
  if (typeof cause !== 'object' || cause === null) return String(cause)
  if ('errMsg' in cause) return String(cause.errMsg)
  return 'message' in cause ? String(cause.message) : String(cause)
}

export function textOf(errCode: number): string {
  return TEXTS[String(errCode)] ?? 'unknown error'
}

const CODES: Record<string, number> = {
  SYS_ERR: SYSTEM_ERROR,
  SERVER_TIMEOUT: -501002,
  EXCEED_REQUEST_LIMIT: -501003,
  EXCEED_CONCURRENT_REQUEST_LIMIT: -501004,
  INVALIID_ENV: -501005,
  INVALID_COMMON_PARAM: -501006,
  INVALID_PARAM: -501007,
  INVALID_REQUEST_SOURCE: -501008,
  RESOURCE_NOT_INITIAL: -501009,
  DATABASE_REQUEST_FAILED: -502001,
  DATABASE_INVALID_OPERRATOR: -502002,
  DATABASE_PERMISSION_DENIED: -502003,
  DATABASE_COLLECTION_EXCEED_LIMIT: -502004,
  DATABASE_COLLECTION_NOT_EXIST: -502005,
  STORAGE_REQUEST_FAIL: -503001,
  STORAGE_EXCEED_AUTHORITY: -503002,
  STORAGE_FILE_NONEXIST: -503003,
  STORAGE_SIGN_PARAM_INVALID: -503004,
  FUNCTIONS_REQUEST_FAIL: -504001,
  FUNCTIONS_EXECUTE_FAIL: -504002,
  COLLECTION_PERMISSION_DENIED: -502003,
  WX_DATABASE_QUERY_SIZE_EXCEED_LIMIT: -602001,
}

const TEXTS: Record<string, string> = {
  '-401003': 'api parameter type error',
  '-402002': 'init watch fail',
  '-402003': 'reconnect watch fail',
  '-402004': 'rebuild watch fail',
  '-402005': 'close watch fail',
  '-402006': 'server error message',
  '-402007': 'receive invalid server data',
  '-402008': 'websocket connection error',
  '-402009': 'websocket connection closed',
  '-402010': 'check last fail',
  '-402011': 'unexpected fatal error',
  '-501001': 'resource system error',
  '-501002': 'resource server timeout',
  '-501003': 'exceed request limit',
  '-501004': 'exceed concurrent request limit',
  '-501005': 'invalid env',
  '-501006': 'invalid common parameters',
  '-501007': 'invalid parameters',
  '-501008': 'invalid request source',
  '-501009': 'resource not initialized',
  '-502001': 'database request fail',
  '-502002': 'database invalid command',
  '-502003': 'database permission denied',
  '-502004': 'database exceed collection limit',
  '-502005': 'database collection not exists',
  '-503001': 'storage request fail',
  '-503002': 'storage permission denied',
  '-503003': 'storage file not exists',
  '-503004': 'storage invalid sign parameter',
  '-504001': 'functions request fail',
  '-504002': 'functions execute fail',
  '-602001': 'database query result size exceed limit (1MB)',
}

/** A request that got no answer, mostly because the local cloud was not started. */
export function unanswered(url: string, errMsg: string): { errMsg: string } {
  const origin = /^https?:\/\/[^/]+/.exec(url)?.[0]
  if (origin === undefined || errMsg.includes('abort')) return { errMsg }
  return { errMsg: `${errMsg}: ${origin} does not answer; is the local cloud running? npm start starts it` }
}
