import type { Clock } from '../../core/clock.ts'
import type { Ids } from '../../core/ids.ts'
import type { State } from '../../core/state.ts'

/** Pictures that lie with WeChat for three days, to be sent in the customer service chat. */
export interface TempMedia {
  /** Resolves to its media id. */
  put(bytes: Uint8Array): Promise<{ mediaId: string; createdAtMs: number }>
  /** Undefined when unknown or over three days old. */
  find(mediaId: string): Uint8Array | undefined
}

const LIFE_MS = 3 * 24 * 3_600_000

export function createTempMedia(deps: { state: State; clock: Clock; ids: Ids }): TempMedia {
  // As text, so that a snapshot of the state stays JSON.
  const table = deps.state.table<{ base64: string; createdAtMs: number }>('wechat.temp-media')
  return {
    async put(bytes) {
      const mediaId = deps.ids.hex(32)
      const createdAtMs = deps.clock.nowMs()
      await table.put(mediaId, { base64: Buffer.from(bytes).toString('base64'), createdAtMs })
      return { mediaId, createdAtMs }
    },
    find(mediaId) {
      const found = table.get(mediaId)
      const isOver = !found || deps.clock.nowMs() - found.createdAtMs >= LIFE_MS
      return isOver ? undefined : Buffer.from(found.base64, 'base64')
    },
  }
}
