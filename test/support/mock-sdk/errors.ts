/**
 * How wx-server-sdk 4.0.2 turns what failed into what a function catches (`index.js`: `config/error.config.ts`,
 * `utils/error.ts`, `database/helper/error-checker.ts`). Three families: document and collection calls keep a number and
 * lose `.code`; callFunction, aggregate, createCollection and storage keep `.code` and get -1; startTransaction, commit
 * and rollback throw the platform's error as it is.
 */

/** What node-sdk throws: the platform's string code and the request's id. */
export class TcbError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly requestId: string,
  ) {
    super(message)
  }
}

/** Any reply with a `code` is an error (node-sdk `tcbapirequester.ts`). */
export function replyOrThrow(
  reply: Record<string, unknown> & { requestId: string },
): Record<string, unknown> {
  if (hasCode(reply)) throw new TcbError(reply.code, reply.message ?? '', reply.requestId)
  return reply
}

/** An error that already has the SDK's own shape and passes through every wrapper unchanged. */
export class CloudSDKError extends Error {
  errCode: number
  errMsg: string

  constructor(options: { errCode?: number; errMsg: string }) {
    super(options.errMsg)
    this.errCode = options.errCode || -1
    this.errMsg = options.errMsg
    Object.defineProperty(this, 'message', {
      get: () => `errCode: ${this.errCode} ${textOf(this.errCode)} | errMsg: ${this.errMsg}`,
      set: (text: string) => {
        this.errMsg = text
      },
    })
  }
}

/** The negative number of a platform code; a code that the SDK does not know is a system error. */
export function errCodeOf(code: string): number {
  return CODES[code] ?? SYSTEM_ERROR
}

/** Forgets `.code`: what document and collection calls do with a failure (`maybeTransformError`). */
export function withoutCode(cause: unknown): unknown {
  if (!hasCode(cause)) return cause
  return { errCode: errCodeOf(cause.code), errMsg: cause.message }
}

/** `toSDKError`: keeps an `Error`, and so its `.code`; gives it `errCode`, `errMsg` and the name of the call. */
export function toSdkError(cause: unknown, apiName: string): Error {
  if (!cause) return Object.assign(new Error(`${apiName}:fail`), { errCode: -1, errMsg: `${apiName}:fail` })
  if (cause instanceof Error) {
    if ('errMsg' in cause && typeof cause.errMsg === 'string') return cause
    cause.message = `${apiName}:fail ${cause.message}`
    return Object.assign(cause, { errCode: -1, errMsg: cause.message })
  }
  if (typeof cause === 'string') {
    const text = `${apiName}:fail ${cause}`
    return Object.assign(new Error(text), { errCode: -1, errMsg: text })
  }
  // Whatever else was thrown is read as `{ errCode, errMsg }`, both possibly missing, as the SDK does.
  const { errCode, errMsg } = cause as { errCode?: number; errMsg?: string }
  const text = `${apiName}:fail ${errCode} ${textOf(errCode)}. ${errMsg || ''}`
  return Object.assign(new Error(text), { errCode: errCode || -1, errMsg: text })
}

/** What a reply with a `code` becomes, when the database package returns it instead of throwing. */
export function checkReply(reply: unknown, apiName: string): void {
  if (hasCode(reply)) throw toSdkError(withoutCode(reply), apiName)
}

function hasCode(value: unknown): value is { code: string; message?: string } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'code' in value &&
    typeof value.code === 'string' &&
    value.code !== ''
  )
}

function textOf(errCode: number | undefined): string {
  return TEXTS[String(errCode)] ?? ''
}

const SYSTEM_ERROR = -501001

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
}

/** The words that go with the numbers above, and with those that WeChat's side answers. */
const TEXTS: Record<string, string> = {
  '-1': 'unknown error',
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
  '-601001': 'system error',
  '-604100': 'API not found',
  '-604101': 'function has no permission to call this API',
  '-604102': 'call open API timeout',
  '-604103': 'call open API system error',
  '-604104': 'illegal source of invocation',
}

/** The words of a storage item's status (`provider/tcb/api/getTempFileURL.ts`). */
export function statusText(errCode: number): string {
  return textOf(errCode)
}
