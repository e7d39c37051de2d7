/**
 * What this folder asks of Yjs. The library comes in as a value: DevTools packs it from `miniprogram_npm` (README), tests
 * take it from node_modules.
 */
export interface Yjs<Doc extends YDoc = YDoc> {
  applyUpdate(doc: Doc, update: Uint8Array, origin?: unknown): void
  encodeStateAsUpdate(doc: Doc): Uint8Array
  mergeUpdates(updates: Uint8Array[]): Uint8Array
}

export interface YDoc {
  on(event: 'update', listener: (update: Uint8Array, origin: unknown) => void): void
  off(event: 'update', listener: (update: Uint8Array, origin: unknown) => void): void
}
