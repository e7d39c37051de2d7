/** The HTTP status of a refusal in gateway mode. The codes are the platform's, their statuses mostly our choice. */
export function statusOf(code: string): number {
  const known = EXACT[code] ?? PATTERNS.find(([pattern]) => pattern.test(code))?.[1]
  return known ?? 400
}

const EXACT: Record<string, number | undefined> = {
  ACCESS_TOKEN_EXPIRED: 401,
  INVALID_CREDENTIALS: 401,
  MISSING_CREDENTIALS: 401,
  NOT_EMULATED: 501,
  FUNCTION_INVOCATION_FAILED: 500,
  FUNCTION_TIME_LIMIT_EXCEEDED: 504,
  FUNCTION_EXCEED_RESOURCE_LIMIT: 429,
  SERVER_TIMEOUT: 504,
  SYS_ERR: 500,
}

const PATTERNS: [RegExp, number][] = [
  [/PERMISSION_DENIED|EXCEED_AUTHORITY/, 403],
  [/NOT_FOUND|NOT_EXIST|NONEXIST/, 404],
  [/CONFLICT/, 409],
]
