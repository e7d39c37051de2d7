import { isPlainRecord } from './check.ts'

/** `cloud.openapi.a.b(data)`: any path is a function; calling the root sets options (`utils/generic-fn.ts`). */
export type AnyApi = ((data?: unknown) => unknown) & { [name: string]: AnyApi }
export type Call = (name: string, data: unknown, options: Record<string, unknown>) => Promise<unknown>

export function anyApi(call: Call, options: Record<string, unknown> = {}): AnyApi {
  return make(() => undefined, {
    get: (_target, name) => member(call, options, [String(name)]),
    apply(_target, _self, [given]) {
      if (!isPlainRecord(given)) throw new Error('an options object is expected')
      return anyApi(call, given)
    },
  })
}

function member(call: Call, options: Record<string, unknown>, path: string[]): AnyApi {
  return make(() => undefined, {
    get: (_target, name) => member(call, options, [...path, String(name)]),
    apply: (_target, _self, [data]) => call(path.join('.'), data, options),
  })
}

/** A proxy answers to every name, which no type but this one can say. */
function make(target: () => void, handler: ProxyHandler<() => void>): AnyApi {
  const get: ProxyHandler<() => void>['get'] = (self, name, receiver) => {
    // What JavaScript itself asks of a value (is it a promise? how does it print?) is not the name of an API.
    if (name === 'then' || name === 'toJSON' || typeof name === 'symbol') return undefined
    return handler.get?.(self, name, receiver)
  }
  return new Proxy(target, { ...handler, get }) as unknown as AnyApi
}
