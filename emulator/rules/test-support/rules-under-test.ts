import { WireError } from '../../core/errors.ts'
import { createLog, type Log } from '../../core/log.ts'
import { createRules, type FunctionRule, type Rules, type SecurityRule } from '../index.ts'

type Doc = Record<string, unknown>

export const NOW_MS = 1_700_000_000_000

export interface UnderTest {
  rules: Rules
  log: Log
  /** `collection/id` of each document that was read. */
  reads: string[]
}

/** Rules over documents that are kept by `collection/id`; a collection named in `collections` has that rule. */
export function rulesUnderTest(given: {
  collections?: Record<string, SecurityRule>
  /** Shorthand for a collection `things` with a CUSTOM rule. */
  things?: Record<string, unknown>
  storage?: SecurityRule
  functions?: FunctionRule
  documents?: Record<string, Doc>
}): UnderTest {
  const log = createLog(() => NOW_MS)
  const reads: string[] = []
  const collections: Record<string, SecurityRule> = {
    ...given.collections,
    ...(given.things ? { things: { permission: 'CUSTOM' as const, rule: given.things } } : {}),
  }
  const rules = createRules({
    collectionRule: (name) => collections[name],
    storageRule: () => given.storage,
    functionRule: () => given.functions,
    async getDocument(collection, id) {
      reads.push(`${collection}/${id}`)
      if (collection === 'missing') throw new WireError('DATABASE_COLLECTION_NOT_EXIST', 'no such collection')
      return given.documents?.[`${collection}/${id}`]
    },
    nowMs: () => NOW_MS,
    log,
  })
  return { rules, log, reads }
}

export const me = { appid: 'wx1', openid: 'me' }
export const other = { appid: 'wx1', openid: 'other' }
export const webUser = { appid: 'wx1', uid: 'web', loginType: 'CUSTOM' as const }
export const anonymous = { appid: 'wx1', uid: 'anon', loginType: 'ANONYMOUS' as const }
export const nobody = { appid: 'wx1' }

/** Whether a decision allows; anything but a refusal of the rules fails the test. */
export async function isAllowed(decision: Promise<unknown>): Promise<boolean> {
  try {
    await decision
    return true
  } catch (error) {
    if (
      Object(error).code === 'DATABASE_PERMISSION_DENIED' ||
      Object(error).code === 'STORAGE_EXCEED_AUTHORITY'
    ) {
      return false
    }
    throw error
  }
}
