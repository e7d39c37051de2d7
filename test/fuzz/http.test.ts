import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seededRandom } from '../../emulator/core/faults.ts'
import { startTestCloud, type TestCloud } from '../../emulator/testing/project.ts'
import { type Address, addressesOf } from './addresses.ts'
import { createJunk } from './junk.ts'

const ROUNDS = 12
const HANGS_AFTER_MS = 10_000

describe('whatever is sent to the local cloud', () => {
  let cloud: TestCloud & AsyncDisposable
  let addresses: Address[]
  const junk = createJunk(seededRandom(7))

  beforeAll(async () => {
    cloud = await startTestCloud({ echo: 'exports.main = async (event) => event' }, { clock: 'manual' })
    addresses = await addressesOf(cloud)
  })
  afterAll(() => cloud[Symbol.asyncDispose]())

  /** What is wrong with the answer; undefined when nothing is. */
  async function faultOf(
    { method, path, headers }: Address,
    body?: string | Buffer,
  ): Promise<string | undefined> {
    const hasBody = body !== undefined && method !== 'GET' && method !== 'HEAD'
    try {
      const response = await fetch(cloud.url + path, {
        method,
        headers: { 'content-type': 'application/json', ...headers },
        // Node takes any bytes as a body; the types of fetch want to know their kind.
        body: hasBody ? new Uint8Array(Buffer.from(body)) : undefined,
        signal: AbortSignal.timeout(HANGS_AFTER_MS),
      })
      const text = await response.text()
      if (response.status === 500 || text.includes('internal error of the local cloud')) {
        return `${response.status} ${text.slice(0, 200)}`
      }
      if (response.status < 400 || !response.headers.get('content-type')?.includes('json')) return undefined
      const reply = JSON.parse(text)
      const isCoded = [reply.code, reply.error, reply.errCode, reply[0]?.code].some(
        (code) => code !== undefined,
      )
      return isCoded ? undefined : `no code: ${text.slice(0, 200)}`
    } catch (error) {
      return String(error)
    }
  }

  async function faultsOf(bodyOf: (address: Address) => string | Buffer | undefined): Promise<string[]> {
    const faults: string[] = []
    for (let round = 0; round < ROUNDS; round++) {
      // What was sent may have removed it.
      await cloud.database.createCollection('things').catch(() => {})
      for (const address of addresses) {
        const body = bodyOf(address)
        const fault = await faultOf(address, body)
        if (fault) faults.push(`${address.method} ${address.path} ${String(body).slice(0, 300)}: ${fault}`)
      }
    }
    return faults
  }

  const isAlive = async () => Object(await (await fetch(`${cloud.url}/control/health`)).json()).status

  it('is answered with a code: valid requests with one thing broken', async () => {
    const faults = await faultsOf(({ body }) =>
      body === undefined ? undefined : JSON.stringify(junk.broken(body)),
    )
    expect(faults).toEqual([])
    expect(await isAlive()).toBe('ready')
  })

  it('is answered with a code: random JSON', async () => {
    expect(await faultsOf(() => JSON.stringify(junk.value()))).toEqual([])
    expect(await isAlive()).toBe('ready')
  })

  it('is answered with a code: random bytes, whatever type they claim', async () => {
    const types = ['multipart/form-data; boundary=x', 'multipart/form-data', 'text/plain', ''] as const
    expect(
      await faultsOf((address) => {
        address.headers = { ...address.headers, 'content-type': junk.oneOf(types) }
        return junk.bytes()
      }),
    ).toEqual([])
    expect(await isAlive()).toBe('ready')
  })

  it('is answered with a code: addresses with anything in them', async () => {
    const faults: string[] = []
    for (let i = 0; i < 400; i++) {
      const { method, path } = addresses[i % addresses.length] ?? { method: 'GET', path: '/' }
      const place = path.indexOf('/', 1)
      const odd = `${path.slice(0, place)}/${encodeURI(Buffer.from(junk.text()).toString()).slice(0, 500)}`
      const fault = await faultOf({ method, path: odd }, method === 'GET' ? undefined : '{}')
      if (fault) faults.push(`${method} ${odd}: ${fault}`)
    }
    expect(faults).toEqual([])
    expect(await isAlive()).toBe('ready')
  })

  it('does not end it: bytes that are no HTTP, and WebSocket frames that are none', async () => {
    const upgrade = (path: string) =>
      `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`
    for (let i = 0; i < 60; i++) {
      const opening = junk.oneOf([
        '',
        upgrade('/web/ws'),
        upgrade('/client/watch?user=buyer1'),
        upgrade('/x'),
      ])
      await new Promise<void>((resolve) => {
        const socket = connect(cloud.port, '127.0.0.1', () => {
          socket.end(Buffer.concat([Buffer.from(opening), junk.bytes()]))
        })
        socket.on('error', () => {})
        socket.on('close', () => resolve())
        socket.resume()
      })
    }
    expect(await isAlive()).toBe('ready')
  })
})
