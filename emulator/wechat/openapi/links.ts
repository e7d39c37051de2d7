import type { Clock } from '../../core/clock.ts'
import type { Ids } from '../../core/ids.ts'
import type { State } from '../../core/state.ts'

/** An address outside of WeChat that opens a page of the mini program. */
export interface Link {
  /** What was handed out: `https://wxaurl.cn/…` or `weixin://dl/business/?t=…`. */
  address: string
  path: string
  query: string
  envVersion: string
  createdAtSeconds: number
  /** 0 for one without an end. */
  expiresAtSeconds: number
}

export interface Links {
  make(kind: 'link' | 'scheme', of: Omit<Link, 'address' | 'createdAtSeconds'>): Promise<Link>
  find(address: string): Link | undefined
  /** Latest first. */
  list(): Link[]
}

export function createLinks(deps: { state: State; clock: Clock; ids: Ids }): Links {
  const table = deps.state.table<Link>('wechat.link')
  return {
    async make(kind, of) {
      const address =
        kind === 'link'
          ? `https://wxaurl.cn/${deps.ids.hex(6)}`
          : `weixin://dl/business/?t=${deps.ids.hex(6)}`
      const made = { ...of, address, createdAtSeconds: Math.floor(deps.clock.nowMs() / 1000) }
      await table.put(address, made)
      return made
    },
    find: (address) => table.get(address),
    list: () =>
      table
        .entries()
        .map(([, link]) => link)
        .sort((a, b) => b.createdAtSeconds - a.createdAtSeconds),
  }
}
