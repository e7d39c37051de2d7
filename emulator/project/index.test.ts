import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { ProjectError, readProject } from './index.ts'

const folders: string[] = []

function project(files: Record<string, unknown>): string {
  const dir = mkdtempSync(join(tmpdir(), 'project-'))
  folders.push(dir)
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true })
    writeFileSync(join(dir, name), typeof content === 'string' ? content : JSON.stringify(content))
  }
  return dir
}

afterEach(() => {
  for (const dir of folders.splice(0)) rmSync(dir, { recursive: true, force: true })
})

const read = (dir: string) => readProject({ dir, variables: { FROM_SHELL: 'shell' } })

describe('a project', () => {
  it('keeps its functions in cloudfunctions/ when no file says otherwise', () => {
    const dir = project({})
    expect(read(dir)).toMatchObject({ functionsDir: join(dir, 'cloudfunctions'), collections: [] })
  })

  it.each(['dir', 'functions', 'rules'])('is refused when the folder given as %s is not there', (option) => {
    const options = { dir: project({}), variables: {}, [option]: 'no/such/folder' }
    expect(() => readProject(options)).toThrow(ProjectError)
    expect(() => readProject(options)).toThrow('no such')
  })

  it('is read from project.config.json before cloudbaserc.json', () => {
    const dir = project({
      'project.config.json': { cloudfunctionRoot: 'cloud/functions/' },
      'cloudbaserc.json': { envId: 'shop-1', functionRoot: './other' },
    })
    expect(read(dir)).toMatchObject({ functionsDir: join(dir, 'cloud/functions/') })
  })

  it('fills templates from .env files, the later ones first in rank, and from the shell', () => {
    const dir = project({
      '.env': 'A=one\nB="two words" \n# no\nC=plain # remark',
      '.env.local': 'A=local',
      '.env.emulator': 'export D=\'it is "quoted"\'',
      'cloudbaserc.json': {
        functions: [
          {
            name: 'pay',
            timeout: '20',
            memorySize: 512,
            envVariables: {
              a: '{{env.A}}',
              b: '{{env.B}}',
              c: '{{ env.C }}',
              d: '{{env.D}}',
              s: '{{env.FROM_SHELL}}',
              n: 1,
            },
            triggers: [{ name: 't', type: 'timer', config: '0 0 * * * * *' }],
          },
        ],
      },
    })
    expect(read(dir).functions.get('pay')).toMatchObject({
      timeoutMs: 20_000,
      memoryMb: 512,
      variables: { a: 'local', b: 'two words', c: 'plain', d: 'it is "quoted"', s: 'shell', n: '1' },
      trigger: { name: 't', cron: '0 0 * * * * *' },
    })
  })

  it('names the collections and indexes that a deployment would create', () => {
    const dir = project({
      'database-rules/orders.json': {
        permission: 'PRIVATE',
        indexes: [{ name: 'by_user', unique: true, fields: [{ path: '_openid', direction: 1 }] }],
      },
    })
    expect(read(dir).collections).toEqual([
      {
        name: 'orders',
        permission: 'PRIVATE',
        indexes: [{ name: 'by_user', unique: true, fields: [{ path: '_openid', direction: 1 }] }],
      },
    ])
  })

  it('takes a rule of a collection as the console writes it, and never leaves one unread', () => {
    const own = { read: true, write: 'doc._openid == auth.openid' }
    const custom = [expect.objectContaining({ permission: 'CUSTOM', rule: own })]
    expect(read(project({ 'database-rules/a.json': own })).collections).toEqual(custom)
    expect(read(project({ 'database-rules/a.json': { rule: own } })).collections).toEqual(custom)
  })

  it('may begin its files with a byte order mark', () => {
    const dir = project({ 'project.config.json': '\uFEFF{ "cloudfunctionRoot": "cloud/" }' })
    expect(read(dir)).toMatchObject({ functionsDir: join(dir, 'cloud/') })
  })

  it('says who may reach files and functions, as a level or as the console writes it', () => {
    const invoke = { '*': { invoke: 'auth != null' } }
    const own = { read: true, write: 'resource.openid == auth.openid' }
    expect(read(project({ 'storage-rules.json': own, 'function-rules.json': invoke }))).toMatchObject({
      storageRule: { permission: 'CUSTOM', rule: own },
      functionRule: invoke,
    })
    expect(read(project({ 'storage-rules.json': { permission: 'PRIVATE' } })).storageRule).toEqual({
      permission: 'PRIVATE',
    })
    expect(read(project({}))).toMatchObject({ storageRule: undefined, functionRule: undefined })
  })

  it.each([
    ['cloudbaserc.json', '{ "functions": ['],
    ['cloudbaserc.json', { functions: [{ timeout: 5 }] }],
    ['database-rules/x.json', { permission: 'EVERYONE' }],
    ['database-rules/x.json', { rules: { read: true } }],
    ['database-rules/x.json', { permission: 'PRIVATE', rule: { read: true } }],
    ['storage-rules.json', { read: true, delete: true }],
    ['function-rules.json', { '*': true }],
  ])('is refused with the name of the wrong file: %s', (name, content) => {
    const dir = project({ [name]: content })
    expect(() => read(dir)).toThrow(ProjectError)
    expect(() => read(dir)).toThrow(name)
  })
})
