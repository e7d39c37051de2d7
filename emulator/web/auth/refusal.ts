/** A refusal of the auth API: `{ error, error_code, error_description }` with a real HTTP status. */
export class AuthRefusal extends Error {
  constructor(
    /** One of js-sdk's `ErrorType` (oauth `auth/consts.ts`). */
    readonly error: keyof typeof KINDS,
    message: string,
  ) {
    super(message)
    this.name = 'AuthRefusal'
  }

  get status(): number {
    return KINDS[this.error].status
  }

  /** The gRPC number beside the name (js-sdk `AuthErrorCode`). */
  get errorCode(): number {
    return KINDS[this.error].code
  }
}

const KINDS = {
  invalid_argument: { status: 400, code: 3 },
  invalid_grant: { status: 400, code: 16 },
  already_exists: { status: 409, code: 6 },
  permission_denied: { status: 403, code: 7 },
  invalid_username_or_password: { status: 400, code: 16 },
  unauthenticated: { status: 401, code: 16 },
  unimplemented: { status: 501, code: 12 },
} as const
