import { generateKeyPairSync } from 'node:crypto'
import { createRequire } from 'node:module'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { unitCloud } from '../../../test/support/unit.ts'
import { createTicket } from './web-login-key.ts'

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
})
const key = { private_key_id: 'key-1', private_key: privateKey, env_id: 'env-1' }

afterEach(() => {
  vi.unstubAllEnvs()
})

describe('user/webTicket', () => {
  it('gives an operator a ticket for their own openid', async () => {
    vi.stubEnv('TCB_CUSTOM_LOGIN_KEY', JSON.stringify(key))
    const cloud = await unitCloud()
    const { ticket, expiresAtMs } = await cloud
      .as('admin')
      .ok<{ ticket: string; expiresAtMs: number }>('user/webTicket')
    const [keyId, jwt = ''] = ticket.split('/@@/')
    expect(keyId).toBe('key-1')
    expect(JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString())).toMatchObject({
      env: 'env-1',
      uid: cloud.openid('admin'),
      expire: expiresAtMs,
    })
  })

  it('is for staff only', async () => {
    vi.stubEnv('TCB_CUSTOM_LOGIN_KEY', JSON.stringify(key))
    const cloud = await unitCloud()
    expect(await cloud.as('buyer1').refused('user/webTicket')).toBe('FORBIDDEN')
  })

  it.each(['', 'not json', '{"private_key_id":"only this"}'])(
    'says that it is not configured by %j',
    async (text) => {
      vi.stubEnv('TCB_CUSTOM_LOGIN_KEY', text)
      const cloud = await unitCloud()
      expect(await cloud.as('admin').refused('user/webTicket')).toBe('WEB_LOGIN_NOT_CONFIGURED')
    },
  )
})

describe('a ticket', () => {
  it('is letter for letter what the node SDK makes', async () => {
    vi.useFakeTimers({ now: 1_767_578_400_000, toFake: ['Date'] })
    try {
      // Past vitest's alias, which puts the mocked SDK in its place; a package is not typed by being required.
      const tcb = createRequire(import.meta.url)(
        '@cloudbase/node-sdk',
      ) as typeof import('@cloudbase/node-sdk')
      const app = tcb.init({ env: 'env-1', credentials: key })
      const nowMs = Date.now()
      const options = { refresh: 3_600_000, expire: nowMs + 1000 }
      const ours = createTicket(key, 'oUser-1', {
        nowMs,
        refreshMs: options.refresh,
        expiresAtMs: options.expire,
      })
      expect(ours).toBe(app.auth().createTicket('oUser-1', options))
    } finally {
      vi.useRealTimers()
    }
  })
})
