/** How a function call ends: its value, or one of the platform's errors. */
export type InvokeResult = InvokeSuccess | InvokeFailure

export interface InvokeSuccess {
  ok: true
  /** JSON text of what the function returned; undefined when it returned nothing. */
  json: string | undefined
  /** `json` parsed, each time it is asked for. */
  readonly value: unknown
  requestId: string
  durationMs: number
}

export interface InvokeFailure {
  ok: false
  /** The code that `/admin` answers: `FUNCTIONS_EXECUTE_FAIL`, … */
  code: string
  /** The number that the mini program sees: `-504002`, … */
  errCode: number
  message: string
  requestId: string
  /** How the event ended in its instance. */
  reason?: string
}

/**
 * Platform codes and the numbers beside them (wx-server-sdk `error.config`); the last three have no string code in
 * the SDKs, so their names are ours.
 */
const FAILURES = {
  FUNCTIONS_EXECUTE_FAIL: { errCode: -504002, text: 'functions execute fail' },
  FUNCTIONS_REQUEST_FAIL: { errCode: -504001, text: 'functions request fail' },
  EXCEED_REQUEST_LIMIT: { errCode: -501003, text: 'exceed request limit' },
  EXCEED_CONCURRENT_REQUEST_LIMIT: { errCode: -501004, text: 'exceed concurrent request limit' },
  SYS_ERR: { errCode: -501001, text: 'resource system error' },
  FUNCTIONS_TIME_LIMIT_EXCEEDED: { errCode: -504003, text: 'functions time limit exceeded' },
  FUNCTION_NOT_FOUND: { errCode: -501000, text: 'FunctionName parameter could not be found' },
  FUNCTIONS_RESULT_EXCEED_LIMIT: { errCode: -604001, text: 'cloudfunction result size exceed limit (1MB)' },
} as const

export type FailureCode = keyof typeof FAILURES

export function success(json: string | undefined, requestId: string, durationMs: number): InvokeSuccess {
  return {
    ok: true,
    json,
    get value(): unknown {
      return json === undefined ? undefined : JSON.parse(json)
    },
    requestId,
    durationMs,
  }
}

/** @param code one of the platform's, or any other (a fault may name it): then the number is the general one. */
export function failure(
  code: FailureCode | (string & {}),
  message: string,
  requestId: string,
): InvokeFailure {
  const known = Object.hasOwn(FAILURES, code) ? FAILURES[code as FailureCode] : FAILURES.SYS_ERR
  return { ok: false, code, errCode: known.errCode, message, requestId }
}

/** What `wx.cloud.callFunction` rejects with. */
export function clientErrMsg(failed: InvokeFailure): string {
  const text = Object.values(FAILURES).find(({ errCode }) => errCode === failed.errCode)?.text
  return `cloud.callFunction:fail errCode: ${failed.errCode} ${text ?? ''} | errMsg: ${failed.message}`
}
