/**
 * Requests that come as to a proxy. wx-server-sdk 1.8 has no setting for the cloud's address and calls
 * `http://tcb-admin.tencentyun.com/admin` (tcb-admin-node `httpRequest.js`); with `HTTP_PROXY` set to the local cloud it
 * comes here.
 */
import type { IncomingMessage, Server } from 'node:http'
import { HttpRefusal } from '../core/http.ts'

/** Where server SDKs of all years look for the cloud. */
const CLOUD_HOST =
  /^(tcb-(admin|open)\.(tencentyun|tencentcloudapi)|([\w-]+\.)*tcb-api\.tencentcloudapi)\.com$/

/** A request to a proxy names the whole address in its first line; a browser's page cannot make one. */
export function isProxied({ url = '' }: IncomingMessage): boolean {
  return /^https?:\/\//.test(url)
}

export function assertServed(url: URL): void {
  if (CLOUD_HOST.test(url.hostname) && url.pathname === '/admin') return
  if (['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)) return
  throw new HttpRefusal(
    403,
    'FOREIGN_HOST',
    `the local cloud is a proxy for the cloud's own addresses only, not for ${url.host}: set NO_PROXY=${url.hostname}`,
  )
}

/** A tunnel hides what goes through it, and ends in a certificate that we do not have. */
export function refuseTunnels(server: Server): void {
  server.on('connect', ({ url }, socket) => {
    socket.on('error', () => {})
    const message = `no tunnel to ${url}: set HTTP_PROXY for the program with the old SDK only, and no HTTPS_PROXY\n`
    socket.end(
      `HTTP/1.1 403 Forbidden\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(message)}\r\nconnection: close\r\n\r\n${message}`,
    )
  })
}
