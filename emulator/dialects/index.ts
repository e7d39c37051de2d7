/**
 * What older SDKs send, in today's words: the database actions of the years before 2020-10 and their replies.
 * Today's dialect (@cloudbase/database 1.1 and later, so wx-server-sdk 2.3 and later) passes as it is.
 */
import { documentActions } from './document-actions.ts'
import { transactionActions } from './transaction-actions.ts'

export interface Translated {
  action: string
  body: Record<string, unknown>
  /** Today's answer as the sender reads it. Refusals have one shape in all generations. */
  reply(current: Record<string, unknown>): Record<string, unknown>
}

export type Translation = (body: Record<string, unknown>) => Translated

const translations: Record<string, Translation> = { ...documentActions, ...transactionActions }

export function toCurrent(action: string, body: Record<string, unknown>): Translated {
  const translate = Object.hasOwn(translations, action) ? translations[action] : undefined
  return translate ? translate(body) : { action, body, reply: (current) => current }
}
