import { VirtualWebSocketClient } from '@cloudbase/database/dist/esm/realtime/virtual-websocket-client'

/**
 * The package starts a watch without waiting for the promise, which rejects when the watch is refused, beside `onError`:
 * in Node that ends the process. Its constructor assigns the two functions to itself; here they arrive on the way.
 */
export function keepWatchesQuiet(): void {
  for (const name of ['initWatch', 'rebuildWatch']) {
    Object.defineProperty(VirtualWebSocketClient.prototype, name, {
      configurable: true,
      set(run: (...args: unknown[]) => Promise<unknown>) {
        const value = (...args: unknown[]) => {
          const watching = run(...args)
          watching.catch(() => undefined)
          return watching
        }
        Object.defineProperty(this, name, { value, writable: true, configurable: true })
      },
    })
  }
}
