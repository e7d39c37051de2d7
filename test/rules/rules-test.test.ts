/** `npm run rules:test` for a project that is not ours. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { type Run, runRulesTest } from './run-rules-test.ts'

const folders: string[] = []

function project(files: Record<string, object>): string {
  const dir = mkdtempSync(join(tmpdir(), 'rules-project-'))
  folders.push(dir)
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true })
    writeFileSync(join(dir, name), JSON.stringify(content, null, 2))
  }
  return dir
}

afterEach(() => {
  for (const dir of folders.splice(0)) rmSync(dir, { recursive: true, force: true })
})

const rule = { read: 'doc.public == true || doc.owner == auth.openid', create: 'doc.until > now' }
const notes = { permission: 'CUSTOM', rule }
const complete = [
  { as: 'nobody', read: { public: true }, allowed: true },
  { as: 'buyer', read: { owner: '{openid}' }, allowed: true },
  { as: 'buyer', read: { owner: 'owner' }, allowed: false },
  { as: 'staff', create: { until: { $date: '2030-01-01T00:00:00Z' } }, allowed: true },
  { as: 'staff', create: { until: 5 }, allowed: false },
]
const clients = { staff: { openid: 'staff' } }

function run(cases: object[], more: Record<string, object> = {}): Promise<Run> {
  const dir = project({
    'database-rules/notes.json': notes,
    'test/rules/notes.json': { clients, cases },
    ...more,
  })
  return runRulesTest(['--project', dir])
}

describe('npm run rules:test', () => {
  it('passes when every row goes as expected and every part is reached, and writes LCOV', async () => {
    const { exitCode, stdout } = await run(complete)
    expect(stdout).toContain('5 of 5 rows as expected')
    expect(stdout).toMatch(/notes +3 +2 {2}4 of 4/)
    expect(exitCode).toBe(0)
    const lcov = readFileSync(join(folders[0] ?? '', 'coverage/rules.lcov'), 'utf8')
    expect(lcov).toContain('SF:database-rules/notes.json\nBRDA:4,0,0,2\nBRDA:4,0,1,1\n')
    expect(lcov).toContain('BRDA:5,0,0,1\nBRDA:5,0,1,1\nBRF:8\nBRH:8\n')
  })

  it('fails on a row that goes otherwise, and says why it was refused', async () => {
    const { exitCode, stdout } = await run([...complete, { as: 'buyer', read: {}, allowed: true }])
    expect(exitCode).toBe(1)
    expect(stdout).toContain('notes: buyer read {} is expected to be allowed and was refused')
    expect(stdout).toContain('doc.public is not fixed by the query')
  })

  it('fails on a part that no row reaches, and lists it', async () => {
    const { exitCode, stdout } = await run(complete.slice(0, 1))
    expect(exitCode).toBe(1)
    expect(stdout).toContain('rule.read: doc.owner == auth.openid is never true and never anything but true')
  })

  it('asks the rule of the storage as well', async () => {
    const write = 'resource.openid == auth.openid'
    const mine = { path: 'a.png', openid: 'buyer' }
    const { exitCode, stdout } = await run(complete, {
      'storage-rules.json': { read: '/^open/.test(resource.path) == true', write },
      'test/rules/storage-rules.json': {
        cases: [
          { as: 'nobody', readFile: { path: 'open/a.png' }, allowed: true },
          { as: 'buyer', readFile: mine, allowed: false },
          { as: 'buyer', writeFile: { path: 'a.png' }, allowed: true },
          { as: 'buyer', writeFile: mine, allowed: true },
          { as: 'owner', writeFile: mine, allowed: false },
        ],
      },
    })
    expect(stdout).toMatch(/storage-rules +3 +2 {2}2 of 2/)
    expect(exitCode).toBe(0)
  })

  it('fails on a rule without a table and a table without a rule', async () => {
    const { exitCode, stdout } = await run(complete, {
      'database-rules/tags.json': notes,
      'test/rules/gone.json': { cases: [{ as: 'buyer', read: {}, allowed: false }] },
    })
    expect(exitCode).toBe(1)
    expect(stdout).toContain('expected test/rules/tags.json')
    expect(stdout).toContain('there is no database-rules/gone.json')
  })

  it('names the file, the operation and the column of a rule that cannot be understood', async () => {
    const { exitCode, stderr } = await run(complete, {
      'database-rules/tags.json': { permission: 'CUSTOM', rule: { read: 'doc.a = 1' } },
    })
    expect(exitCode).toBe(2)
    expect(stderr).toContain(
      "database-rules/tags.json: rule.read, column 7: '=' is not part of the rule language",
    )
  })

  it('names the file and what is wrong in a table', async () => {
    const { exitCode, stderr } = await run([{ as: 'cashier', read: {}, allowed: true }])
    expect(exitCode).toBe(2)
    expect(stderr).toContain('there is no client cashier, only nobody, buyer, owner, web, anonymous, staff')
  })

  it('prints how it is called', async () => {
    const { exitCode, stdout } = await runRulesTest(['--help'])
    expect(exitCode).toBe(0)
    expect(stdout).toContain('--project')
  })
})
