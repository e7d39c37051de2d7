import http, { type ClientRequest, type RequestOptions } from 'node:http'

/**
 * Where wx-server-sdk 1.8 sends a function's requests; it has no setting for that (tcb-admin-node `httpRequest.js`).
 * No other program has business there.
 */
const CLOUD_HOSTS = new Set(['tcb-admin.tencentyun.com', 'tcb-open.tencentyun.com'])

/**
 * Sends such requests to the local cloud as to a proxy. `HTTP_PROXY` would do the same, but for every package that obeys
 * it and every host, and what a function asks of the internet is not ours to touch.
 */
export function sendToLocalCloud(gatewayHost: string): void {
  const gateway = new URL(`http://${gatewayHost}`)
  // Its overloads leave no type for "whatever arguments there are".
  const request = http.request as (...args: unknown[]) => ClientRequest
  Reflect.set(http, 'request', (...args: unknown[]) => {
    const [options] = args
    if (!isForCloud(options)) return request(...args)
    const { hostname: _, host: __, port: ___, ...rest } = options
    const name = hostOf(options)
    return request(
      { ...rest, host: gateway.hostname, port: gateway.port, path: `http://${name}${options.path ?? '/'}` },
      ...args.slice(1),
    )
  })
}

/** Whether a request with this `Host` is one to the cloud. */
export function isCloudHost(host: unknown, gatewayHost: string): boolean {
  return host === gatewayHost || CLOUD_HOSTS.has(String(host))
}

/** That SDK's HTTP package gives an object, never an address. */
function isForCloud(options: unknown): options is RequestOptions {
  return typeof options === 'object' && options !== null && CLOUD_HOSTS.has(hostOf(options))
}

function hostOf({ hostname, host }: RequestOptions): string {
  return hostname ?? host ?? ''
}
