/** What access tokens say, for those who issue and those who read them. */
export const ISSUER = 'gateway'
export const AUDIENCE = 'partner-api'
export const ALGORITHM = 'EdDSA'
export const TOKEN_TYPE = 'at+jwt'

export interface Grant {
  partnerId: string
  /** The client secret that it was given for: with the secret ends the token. */
  secretId: string
  scopes: string[]
}
