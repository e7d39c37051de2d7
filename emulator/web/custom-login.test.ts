import { generateKeyPairSync } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import tcb from '@cloudbase/node-sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestCloud, type TestCloud } from '../testing/project.ts'
import { type LoginKey, readLoginKeyFiles } from './index.ts'
import { PROJECT, START_MS, type WebClient, webClient } from './web.fixture.ts'

const projectKey = newKey('project-key', 'shop-prod')
const variableKey = newKey('variable-key', 'local')

let cloud: TestCloud & AsyncDisposable
let web: WebClient
beforeAll(async () => {
  const login = { name: 'login', envVariables: { KEY: JSON.stringify(variableKey), OTHER: 'private_key_id' } }
  const tickets = { name: 'tickets', envVariables: { TCB_CUSTOM_LOGIN_KEY: '' } }
  const files = {
    ...PROJECT,
    login: 'exports.main = async () => {}',
    tickets: 'exports.main = async () => process.env.TCB_CUSTOM_LOGIN_KEY',
    'cloudbaserc.json': { functions: [login, tickets] },
    'cloudfunctions/login/tcb_custom_login.json': projectKey,
  }
  cloud = await startTestCloud(files, { clock: 'manual', clockStartMs: START_MS })
  web = webClient(cloud.url)
})
afterAll(() => cloud[Symbol.asyncDispose]())

/** A ticket as a function of the developer makes it, with the real server SDK, at the cloud's time. */
async function ticketOf(
  key: LoginKey,
  uid: string,
  options?: { refresh?: number; expire?: number },
): Promise<string> {
  await cloud.clock.set(Date.now())
  const app = tcb.init({ env: key.env_id, credentials: key })
  return app.auth().createTicket(uid, options)
}

const signIn = (ticket: string) =>
  web.send('POST', '/auth/v1/signin/custom', { provider_id: 'custom', ticket })
const refusal = { status: 400, body: { error: 'invalid_grant' } }

describe('custom login', () => {
  it('takes a ticket signed with the key that the environment gives out', async () => {
    const { body: key } = await web.send('GET', '/web/custom-login-key')
    expect((await web.send('GET', '/web/custom-login-key')).body).toEqual(key)
    const first = await signIn(await ticketOf(Object(key), 'staff-1'))
    expect(first).toMatchObject({ status: 200, body: { scope: 'user' } })
    const again = await signIn(await ticketOf(Object(key), 'staff-1'))
    expect(again.body.sub).toBe(first.body.sub)
    const profile = await web.send('GET', '/auth/v1/user/me', undefined, {
      authorization: `Bearer ${first.body.access_token}`,
    })
    expect(profile.body).toMatchObject({ sub: first.body.sub, loginType: 'CUSTOM', customUserId: 'staff-1' })
  })

  it('gives its own key to a function that has an empty variable for it', async () => {
    const text = String(await cloud.call('tickets', {}, 'buyer1'))
    expect(await signIn(await ticketOf(Object(JSON.parse(text)), 'staff-1'))).toMatchObject({ status: 200 })
  })

  it('takes a ticket signed with a key file of the project, also of another environment', async () => {
    expect(await signIn(await ticketOf(projectKey, 'staff-1'))).toMatchObject({ status: 200 })
    expect(await signIn(await ticketOf(variableKey, 'staff-1'))).toMatchObject({ status: 200 })
  })

  it('keeps to the times that the ticket says', async () => {
    const expire = Date.now() + 60 * 60_000
    const { body } = await signIn(await ticketOf(projectKey, 'staff-2', { refresh: 600_000, expire }))
    expect(body.expires_in).toBe(600)
    const refresh = { grant_type: 'refresh_token', refresh_token: body.refresh_token }
    await cloud.clock.advance(59 * 60_000)
    const last = await web.send('POST', '/auth/v1/token', refresh)
    expect(last.body.expires_in).toBeLessThanOrEqual(60)
    await cloud.clock.advance(60_000)
    expect(await web.send('POST', '/auth/v1/token', refresh)).toMatchObject(refusal)
  })

  it('refuses a ticket that came too late', async () => {
    const ticket = await ticketOf(projectKey, 'staff-1')
    await cloud.clock.advance(10 * 60_000 + 1_000)
    expect(await signIn(ticket)).toMatchObject(refusal)
  })

  it('refuses what nobody with the key signed', async () => {
    const ticket = await ticketOf(projectKey, 'staff-1')
    const [keyId, jwt = ''] = ticket.split('/@@/')
    const [header, , signature] = jwt.split('.')
    const claims = { ...claimsOf(jwt), uid: 'the-boss' }
    const altered = `${keyId}/@@/${header}.${encode(claims)}.${signature}`
    const unsigned = `${keyId}/@@/${encode({ alg: 'none' })}.${encode(claims)}.`
    const stranger = await ticketOf({ ...newKey('project-key', 'shop-prod') }, 'the-boss')
    const unknown = await ticketOf(newKey('other-key', 'shop-prod'), 'the-boss')
    for (const forged of [altered, unsigned, stranger, unknown, '', '/@@/', `${ticket}/@@/x`]) {
      expect(await signIn(forged), forged).toMatchObject(refusal)
    }
  })
})

describe('key files of a project', () => {
  it('are found beside functions and in their folders, by their name', () => {
    const dir = mkdtempSync(join(tmpdir(), 'keys-'))
    mkdirSync(join(dir, 'login', 'deep', 'deeper'), { recursive: true })
    mkdirSync(join(dir, 'node_modules'))
    const names = [
      'tcb_custom_login.json',
      'login/tcb_custom_login_key(shop-prod).json',
      'login/config.json',
      'login/deep/tcb_custom_login.json',
      'login/deep/deeper/tcb_custom_login.json',
      'node_modules/tcb_custom_login.json',
    ]
    for (const name of names) writeFileSync(join(dir, name), name)
    expect(readLoginKeyFiles(dir)).toEqual([names[3], names[1], names[0]])
    expect(readLoginKeyFiles(join(dir, 'nowhere'))).toEqual([])
    rmSync(dir, { recursive: true })
  })
})

function newKey(id: string, envId: string): LoginKey {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  return { private_key_id: id, private_key: pem, env_id: envId }
}

function claimsOf(jwt: string): object {
  return Object(JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString()))
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}
