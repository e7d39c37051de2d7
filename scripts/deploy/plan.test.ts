import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { planDeploy } from './plan.ts'
import { deployVariables, isLoggedIn } from './settings.ts'

let repo: string
const variables = { ADMIN_OPENIDS: 'o-admin' }

beforeEach(() => {
  repo = mkdtempSync(join(tmpdir(), 'deploy-'))
  const functions = ['user', 'scheduler'].map((name) => ({
    name,
    timeout: 10,
    envVariables: { ADMIN_OPENIDS: '{{env.ADMIN_OPENIDS}}' },
  }))
  writeFileSync(
    join(repo, 'cloudbaserc.json'),
    JSON.stringify({
      version: '2.0',
      envId: '{{env.ENV_ID}}',
      functionRoot: './dist/cloudfunctions',
      functions,
    }),
  )
  built('user', '{}')
  built('scheduler', '{"triggers":[{"name":"sweep","type":"timer","config":"0 * * * * * *"}]}')
})
afterEach(() => rmSync(repo, { recursive: true }))

function built(name: string, config: string): void {
  const dir = join(repo, 'dist/cloudfunctions', name)
  mkdirSync(dir, { recursive: true })
  writeFileSync(join(dir, 'index.js'), `// ${name}`)
  writeFileSync(join(dir, 'config.json'), config)
}

describe('a deployment', () => {
  it('sends every function by the tcb CLI, with its files by size and hash', () => {
    const { functions } = planDeploy(repo, { envId: 'shop-1', only: undefined }, variables)
    expect(functions.map(({ name }) => name)).toEqual(['user', 'scheduler'])
    expect(functions[0]?.command.slice(0, 5)).toEqual(['fn', 'deploy', 'user', '--envId', 'shop-1'])
    expect(functions[0]?.files).toContainEqual({
      name: 'index.js',
      sizeBytes: 7,
      sha256: createHash('sha256').update('// user').digest('hex'),
    })
  })

  it('gives the tcb CLI the timers of config.json and the values of variables', () => {
    const { config } = planDeploy(repo, { envId: 'shop-1', only: ['scheduler'] }, variables)
    expect(config).toMatchObject({
      envId: 'shop-1',
      functions: [
        {
          name: 'scheduler',
          envVariables: { ADMIN_OPENIDS: 'o-admin' },
          triggers: [{ name: 'sweep', type: 'timer', config: '0 * * * * * *' }],
        },
      ],
    })
  })

  it('refuses to guess an environment', () => {
    expect(() => planDeploy(repo, { envId: undefined, only: undefined }, variables)).toThrow(/--env <id>/)
    expect(() => planDeploy(repo, { envId: 'Shop 1; rm', only: undefined }, variables)).toThrow(
      /not an environment id/,
    )
  })

  it('names the functions that there are when one is not', () => {
    expect(() => planDeploy(repo, { envId: 'shop-1', only: ['usr'] }, variables)).toThrow(
      'No such function: usr. cloudbaserc.json has user, scheduler.',
    )
    expect(() => planDeploy(repo, { envId: 'shop-1', only: [] }, variables)).toThrow(/none named/)
  })

  it('says which variables are missing and leaves their places open', () => {
    const plan = planDeploy(repo, { envId: 'shop-1', only: ['user'] }, {})
    expect(plan.missing).toEqual(['ADMIN_OPENIDS'])
    expect(plan.functions[0]?.settings.envVariables).toEqual({ ADMIN_OPENIDS: '{{env.ADMIN_OPENIDS}}' })
    expect(planDeploy(repo, { envId: 'shop-1', only: ['user'] }, variables).missing).toEqual([])
  })

  it('refuses a function that is listed and was not built', () => {
    rmSync(join(repo, 'dist/cloudfunctions/user'), { recursive: true })
    expect(() => planDeploy(repo, { envId: 'shop-1', only: undefined }, variables)).toThrow(
      /cloudfunctions\/user\/index.ts does not exist/,
    )
  })
})

describe('its surroundings', () => {
  it('take .env.local over .env and the environment over both', () => {
    writeFileSync(join(repo, '.env'), 'A=1\nB=1\nC=1\n')
    writeFileSync(join(repo, '.env.local'), 'B=2\nC=2\n')
    expect(deployVariables(repo, { C: '3' })).toEqual({ A: '1', B: '2', C: '3' })
  })

  it('know a login by what the tcb CLI stored, or by keys in the environment', () => {
    expect(isLoggedIn({}, repo)).toBe(false)
    expect(isLoggedIn({ TENCENTCLOUD_SECRETID: 'id', TENCENTCLOUD_SECRETKEY: 'key' }, repo)).toBe(true)
    mkdirSync(join(repo, '.config/.cloudbase'), { recursive: true })
    writeFileSync(join(repo, '.config/.cloudbase/auth.json'), '{"credential":{}}')
    expect(isLoggedIn({}, repo)).toBe(false)
    writeFileSync(join(repo, '.config/.cloudbase/auth.json'), '{"credential":{"secretId":"x"}}')
    expect(isLoggedIn({}, repo)).toBe(true)
  })
})
