import { connect } from 'node:net'
import { afterAll, describe, expect, it } from 'vitest'
import { startTestCloud } from '../testing/project.ts'

const cloud = await startTestCloud({})
afterAll(() => cloud[Symbol.asyncDispose]())

/** The whole answer to one request, written as it is. */
function raw(firstLine: string, host: string, body = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(cloud.port, '127.0.0.1')
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk
    })
    socket.on('close', () => resolve(text))
    socket.on('error', reject)
    socket.end(
      `${firstLine} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    )
  })
}

const START = '{"action":"database.startTransaction"}'

describe('as a proxy, the cloud', () => {
  it.each([
    'http://tcb-admin.tencentyun.com/admin?&eventId=1',
    'http://tcb-open.tencentyun.com/admin',
    'http://tcb-admin.tencentcloudapi.com/admin',
    'http://env-1.ap-shanghai.tcb-api.tencentcloudapi.com/admin?seqId=1',
  ])('answers for %s', async (address) => {
    const answer = await raw(`POST ${address}`, new URL(address).host, START)
    expect(answer).toContain('200 OK')
    expect(answer).toContain('"transactionId"')
  })

  it('answers under its own address too, for programs that send everything to their proxy', async () => {
    expect(await raw(`POST ${cloud.url}/admin`, new URL(cloud.url).host, START)).toContain('"transactionId"')
  })

  it.each([
    ['POST http://example.org/admin', 'example.org'],
    ['POST http://example.org/admin', '127.0.0.1'],
    ['POST http://tcb-admin.tencentyun.com.example.org/admin', 'tcb-admin.tencentyun.com.example.org'],
    ['GET http://tcb-admin.tencentyun.com/control/health', 'tcb-admin.tencentyun.com'],
  ])('refuses %s of host %s', async (firstLine, host) => {
    const answer = await raw(firstLine, host)
    expect(answer).toContain('403 Forbidden')
    expect(answer).toContain('set NO_PROXY=')
  })

  it('refuses a page that bound the name of the cloud to this machine', async () => {
    expect(await raw('POST /admin', 'tcb-admin.tencentyun.com', START)).toContain('FOREIGN_HOST')
  })

  it('says why there are no tunnels', async () => {
    expect(await raw('CONNECT example.org:443', 'example.org:443')).toContain('no HTTPS_PROXY')
  })
})
