import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestCloud, type TestCloud } from '../../testing/project.ts'
import { PROJECT, START_MS, type WebClient, webClient } from '../web.fixture.ts'

let cloud: TestCloud & AsyncDisposable
let web: WebClient
beforeAll(async () => {
  cloud = await startTestCloud(PROJECT, { clock: 'manual', clockStartMs: START_MS })
  web = webClient(cloud.url)
})
afterAll(() => cloud[Symbol.asyncDispose]())

const me = (token: string) => web.send('GET', '/auth/v1/user/me', undefined, web.as({ access_token: token }))
const refresh = (refresh_token: string) =>
  web.send('POST', '/auth/v1/token', {
    client_id: 'local',
    client_secret: '',
    grant_type: 'refresh_token',
    refresh_token,
  })

describe('anonymous sign-in', () => {
  it('answers credentials with which the SDK finds its user', async () => {
    const credentials = await web.signIn()
    expect(credentials).toMatchObject({ token_type: 'Bearer', expires_in: '7200', scope: 'anonymous' })
    expect(await me(credentials.access_token ?? '')).toMatchObject({
      status: 200,
      body: { sub: credentials.sub, name: 'anonymous', loginType: 'ANONYMOUS' },
    })
  })

  it('makes one user of one device, and another of another', async () => {
    const first = await web.signIn('device-a')
    expect((await web.signIn('device-a')).sub).toBe(first.sub)
    expect((await web.signIn('device-b')).sub).not.toBe(first.sub)
  })
})

describe('a session', () => {
  it('gets new access tokens with its refresh token when the old one has expired', async () => {
    const { access_token = '', refresh_token = '', sub } = await web.signIn()
    await cloud.clock.advance(7_200_000)
    expect(await me(access_token)).toMatchObject({ status: 401, body: { error: 'unauthenticated' } })
    const refreshed = await refresh(refresh_token)
    expect(refreshed).toMatchObject({ status: 200, body: { sub, refresh_token } })
    expect(await me(String(refreshed.body.access_token))).toMatchObject({ status: 200, body: { sub } })
  })

  it('is over after 31 days', async () => {
    const { refresh_token = '' } = await web.signIn()
    await cloud.clock.advance(31 * 86_400_000)
    expect(await refresh(refresh_token)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
  })

  it('is over for all its tokens after sign-out', async () => {
    const { access_token = '', refresh_token = '' } = await web.signIn()
    expect((await web.send('POST', '/auth/v1/revoke', { token: access_token })).status).toBe(200)
    expect((await me(access_token)).status).toBe(401)
    expect((await refresh(refresh_token)).body.error).toBe('invalid_grant')
  })

  it('is not ended by somebody who only knows who it is of', async () => {
    const { access_token = '', sub } = await web.signIn()
    await web.send('POST', '/auth/v1/revoke', { token: sub })
    expect((await me(access_token)).status).toBe(200)
  })
})

describe('a restart', () => {
  it('keeps who is signed in', async () => {
    const data = mkdtempSync(join(tmpdir(), 'web-'))
    let credentials: Record<string, string>
    {
      await using first = await startTestCloud(PROJECT, { data })
      credentials = await webClient(first.url).signIn()
    }
    await using second = await startTestCloud(PROJECT, { data })
    const again = webClient(second.url)
    const profile = await again.send('GET', '/auth/v1/user/me', undefined, again.as(credentials))
    expect(profile).toMatchObject({ status: 200, body: { sub: credentials.sub } })
    rmSync(data, { recursive: true, force: true })
  })
})

describe('forged tokens', () => {
  it.each<[string, (token: string) => string]>([
    ['no token', () => ''],
    ['another text', () => 'token'],
    ['other claims', (token) => withClaims(token, { sub: 'somebody-else' })],
    ['a longer life', (token) => withClaims(token, { exp: 9_999_999_999 })],
    ['no algorithm', (token) => `${encode({ alg: 'none', typ: 'JWT' })}.${token.split('.')[1]}.`],
    ['a cut signature', (token) => token.slice(0, -1)],
  ])('are refused: %s', async (_, forge) => {
    const { access_token = '' } = await web.signIn()
    expect(await me(forge(access_token))).toMatchObject({ status: 401, body: { error: 'unauthenticated' } })
  })
})

describe('user name and password', () => {
  it('sign up, and sign in again', async () => {
    const signedUp = await web.send('POST', '/auth/v1/signup', {
      username: 'alice',
      password: 'correct-horse',
    })
    expect(signedUp.body).toMatchObject({ scope: 'user' })
    const again = await web.send('POST', '/auth/v1/signin', {
      username: 'alice',
      password: 'correct-horse',
    })
    expect(again.body.sub).toBe(signedUp.body.sub)
    expect((await me(String(again.body.access_token))).body).toMatchObject({
      username: 'alice',
      name: 'alice',
      loginType: 'USERNAME',
    })
  })

  it('refuses a wrong password and an unknown name alike, and a name that is taken', async () => {
    await web.send('POST', '/auth/v1/signup', { username: 'bob', password: 'battery-staple' })
    const wrong = await web.send('POST', '/auth/v1/signin', { username: 'bob', password: 'guessed' })
    const unknown = await web.send('POST', '/auth/v1/signin', { username: 'nobody', password: 'guessed' })
    expect(wrong).toMatchObject({ status: 400, body: { error: 'invalid_username_or_password' } })
    expect(unknown).toEqual(wrong)
    expect(
      await web.send('POST', '/auth/v1/signup', { username: 'bob', password: 'another-one' }),
    ).toMatchObject({
      status: 409,
      body: { error: 'already_exists' },
    })
  })

  it('registers a name once when two ask at the same time', async () => {
    const ask = (password: string) => web.send('POST', '/auth/v1/signup', { username: 'carol', password })
    const answers = await Promise.all([ask('password-1'), ask('password-2')])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
  })
})

describe('the auth API', () => {
  it.each([
    ['POST', '/auth/v1/signin/custom', '{"ticket":5}', 400, 'invalid_argument'],
    ['POST', '/auth/v1/token', 'not json', 400, 'invalid_argument'],
    ['POST', '/auth/v1/token', '{"grant_type":"password"}', 400, 'invalid_argument'],
    ['POST', '/auth/v1/device/code', '{}', 501, 'unimplemented'],
    ['POST', '/auth/constructor', '{}', 501, 'unimplemented'],
  ])('answers %s %s with %s by an error that the SDK knows', async (method, path, body, status, error) => {
    const answer = await web.send(method, path, body)
    expect(answer).toMatchObject({ status, body: { error } })
    expect(answer.body.error_description).not.toBe('')
  })
})

function withClaims(token: string, changed: object): string {
  const [header, payload = '', signature] = token.split('.')
  const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString())
  return `${header}.${encode({ ...Object(claims), ...changed })}.${signature}`
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}
