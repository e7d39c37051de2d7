import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { repoDir } from './build/repo-dir.ts'

let repo: string

beforeEach(() => {
  repo = mkdtempSync(join(tmpdir(), 'install-'))
  mkdirSync(join(repo, 'scripts'))
  cpSync(join(repoDir, 'scripts/ensure-installed.mjs'), join(repo, 'scripts/ensure-installed.mjs'))
  lock('1.0.0')
  npmThat('mkdir -p node_modules; echo "npm $*"')
})
afterEach(() => rmSync(repo, { recursive: true }))

function lock(version: string): void {
  const packages = { '': { name: 'shop' }, 'node_modules/a': { version } }
  writeFileSync(join(repo, 'package-lock.json'), JSON.stringify({ packages }))
}

/** Stands for npm on the path. */
function npmThat(commands: string): void {
  const bin = join(repo, 'bin')
  mkdirSync(bin, { recursive: true })
  writeFileSync(join(bin, 'npm'), `#!/bin/sh\n${commands}\n`)
  chmodSync(join(bin, 'npm'), 0o755)
}

function ensureInstalled(): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(repo, 'scripts/ensure-installed.mjs')],
    {
      encoding: 'utf8',
      env: { PATH: `${join(repo, 'bin')}:/usr/bin:/bin` },
    },
  )
  return { status, output: stdout + stderr }
}

describe('before npm start and npm test', () => {
  it('installs on a fresh clone, says so, and is silent the next time', () => {
    const first = ensureInstalled()
    expect(first.output).toMatch(/Installing dependencies \(first run\)[\s\S]*npm install/)
    expect(first.status).toBe(0)
    expect(ensureInstalled()).toEqual({ status: 0, output: '' })
  })

  it('installs again when the lock file has changed', () => {
    ensureInstalled()
    lock('1.0.1')
    expect(ensureInstalled().output).toMatch(/package-lock.json has changed[\s\S]*npm install/)
    expect(ensureInstalled().output).toBe('')
  })

  it('takes what somebody installed by hand, if it is what the lock file says', () => {
    mkdirSync(join(repo, 'node_modules'))
    const installed = (version: string) =>
      writeFileSync(
        join(repo, 'node_modules/.package-lock.json'),
        JSON.stringify({ packages: { 'node_modules/a': { version } } }),
      )
    installed('0.9.0')
    expect(ensureInstalled().output).toContain('Installing')
    rmSync(join(repo, 'node_modules/.installed-for'))
    installed('1.0.0')
    expect(ensureInstalled()).toEqual({ status: 0, output: '' })
  })

  it('stops with the next step when npm fails, and tries again the next time', () => {
    npmThat('echo "no network" >&2; exit 7')
    const failed = ensureInstalled()
    expect(failed.status).toBe(1)
    expect(failed.output).toMatch(/no network[\s\S]*npm ended with 7[\s\S]*try again/)
    expect(existsSync(join(repo, 'node_modules/.installed-for'))).toBe(false)
    npmThat('mkdir -p node_modules')
    expect(ensureInstalled().status).toBe(0)
  })
})
