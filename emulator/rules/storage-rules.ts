/** May this client read or write this file? Rules of the storage hold for all files alike. */
import { WireError } from '../core/errors.ts'
import type { Client } from '../core/identity.ts'
import type { Log } from '../core/log.ts'
import { ownerId } from './caller.ts'
import type { Judge } from './judge.ts'
import { presets, type SecurityRule } from './security-rule.ts'

/** A file as it is stored; one that a server has uploaded has no openid. */
export interface StoredFile {
  /** Without a slash at the beginning. */
  path: string
  openid?: string
}

export interface StorageRules {
  readFile(file: StoredFile, client: Client): Promise<void>
  /** @param existing what a new upload of `path` would replace, or what is to be removed */
  writeFile(path: string, existing: StoredFile | undefined, client: Client): Promise<void>
}

export interface StorageRulesDeps {
  judge: Judge
  storageRule(): SecurityRule | undefined
  log: Log
}

export const STORAGE_SOURCE = 'storage-rules.json'

/** The platform's default (manual "cloud storage security rules"): all read, the creator writes. */
const defaultRule: SecurityRule = { permission: 'READONLY' }

export function createStorageRules({ judge, storageRule, log }: StorageRulesDeps): StorageRules {
  return {
    readFile: (file, client) => decide('read', file, client),
    writeFile: (path, existing, client) =>
      // A new file belongs to whoever brings it.
      decide('write', existing ?? { path, openid: ownerId(client) }, client),
  }

  async function decide(operation: 'read' | 'write', file: StoredFile, client: Client): Promise<void> {
    const reason = await reasonAgainst(operation, file, client)
    if (reason === undefined) return
    const caller = ownerId(client) ?? 'nobody'
    log.warn('rules', `${operation} of ${file.path} refused: ${reason}`, {
      path: file.path,
      operation,
      caller,
    })
    throw new WireError('STORAGE_EXCEED_AUTHORITY', 'storage permission denied')
  }

  async function reasonAgainst(
    operation: 'read' | 'write',
    { path, openid }: StoredFile,
    client: Client,
  ): Promise<string | undefined> {
    const rule = storageRule() ?? defaultRule
    if (rule.permission === 'CUSTOM') {
      const names = { resource: { path, openid }, request: {} }
      return judge.refusal({
        rule,
        operation,
        source: STORAGE_SOURCE,
        kind: 'storage',
        views: async () => [],
        client,
        names,
      })
    }
    const reach = presets[rule.permission][operation]
    const owner = ownerId(client)
    if (reach === 'all' || (reach === 'own' && owner !== undefined && owner === openid)) return undefined
    const whose = openid === undefined ? 'the file is not a client’s' : `the file is ${openid}’s`
    return `the storage is ${rule.permission}${reach === 'own' ? `, and ${whose}` : ''}`
  }
}
