/** What a call used of the plan beyond being a call; read from its reply, so that no service has to count. */
import type { BilledService } from './cost.ts'

export interface Usage {
  recordsRead: number
  recordsWritten: number
  storageOperations: number
}

export const noUsage: Usage = { recordsRead: 0, recordsWritten: 0, storageOperations: 0 }
const oneRead: Usage = { ...noUsage, recordsRead: 1 }
const oneStorageOperation: Usage = { ...noUsage, storageOperations: 1 }

/** @param reply of the wire, in any of its dialects. */
export function usageOf(service: BilledService, reply: unknown): Usage {
  if (service === 'storage') return oneStorageOperation
  if (service !== 'database') return noUsage
  const data = fieldOf(reply, 'data')
  // Starting and ending a transaction answers with nothing, and touches no record.
  if (typeof data !== 'object' || data === null || Object.keys(data).length === 0) return noUsage
  if (fieldOf(data, 'doc') !== undefined) return { ...oneRead, recordsWritten: 1 }
  const written = writtenIn(data)
  if (written !== undefined) return { ...noUsage, recordsWritten: Math.max(1, written) }
  const list = Array.isArray(data) ? data : fieldOf(data, 'list')
  return Array.isArray(list) && list.length > 1 ? { ...noUsage, recordsRead: list.length } : oneRead
}

function writtenIn(data: object): number | undefined {
  const ids = fieldOf(data, 'insertedIds')
  if (Array.isArray(ids)) return ids.length
  if (typeof fieldOf(data, '_id') === 'string') return 1
  for (const name of ['updated', 'deleted']) {
    const count = fieldOf(data, name)
    if (typeof count === 'number') return count
  }
  return undefined
}

function fieldOf(holder: unknown, name: string): unknown {
  return typeof holder === 'object' && holder !== null ? Reflect.get(holder, name) : undefined
}
