import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { copyProject, installPackage, writeProject } from './stranger.ts'

const program = (name: string) => fileURLToPath(new URL(`../../scripts/${name}`, import.meta.url))
const cleanUps: (() => void)[] = []

afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp()
})

function emulator(args: string[], cwd: string) {
  const child = spawn(process.execPath, [program('run.mjs'), program('emulator.ts'), ...args], { cwd })
  cleanUps.push(
    () => child.kill('SIGKILL'),
    () => rmSync(cwd, { recursive: true, force: true }),
  )
  const output = { out: '', err: '' }
  child.stdout.on('data', (chunk) => {
    output.out += chunk
  })
  child.stderr.on('data', (chunk) => {
    output.err += chunk
  })
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  return { child, output, ended }
}

const SCRIPT = `const cloud = require('wx-server-sdk')
cloud.init({ env: 'prod-1' })
const notes = cloud.database().collection('notes')
notes.add({ data: { n: 1 } })
  .then(() => notes.where({ n: cloud.database().command.gte(1) }).count())
  .then(({ total }) => { console.log('notes: ' + total + ', proxy: ' + Boolean(process.env.HTTP_PROXY)) })
  .catch((error) => { console.error(error.errMsg || error.message); process.exitCode = 3 })`

describe('npm run emulator', () => {
  it('runs a stranger’s project with --project', async () => {
    const dir = copyProject('blog')
    const { child, output, ended } = emulator(
      ['--project', dir, '--memory', '--port', '0', '--json', '--create-collections'],
      dir,
    )
    const ready = () => output.out.split('\n').find((line) => line.includes('"status":"ready"')) ?? '{}'
    await expect.poll(() => JSON.parse(ready()).functions, { timeout: 20_000 }).toHaveLength(5)
    const response = await fetch(`${JSON.parse(ready()).url}/client/functions/login`, {
      method: 'POST',
      headers: { 'x-emulator-user': 'buyer1' },
      body: '{"nickName":"Li"}',
    })
    expect(await response.json()).toMatchObject({ result: { userId: expect.any(String) } })
    child.kill('SIGTERM')
    expect(await ended).toBe(0)
  })

  it.each([
    ['1.8', true],
    ['2.6', false],
    ['3.0', false],
  ])('exec gives a program with wx-server-sdk %s the way to the cloud', async (version, isProxied) => {
    const dir = writeProject({ 'script.js': SCRIPT })
    installPackage(dir, 'wx-server-sdk', `wx-server-sdk-${version}`)
    const command = [process.execPath, join(dir, 'script.js')]
    const { output, ended } = emulator(['exec', '--create-collections', '--', ...command], dir)
    expect({ code: await ended, out: output.out }).toEqual({
      code: 0,
      out: `notes: 1, proxy: ${isProxied}\n`,
    })
  })

  it('exec fails as the platform does without the collection, and says what to do', async () => {
    const dir = writeProject({ 'script.js': SCRIPT })
    installPackage(dir, 'wx-server-sdk')
    const { output, ended } = emulator(['exec', '--', process.execPath, join(dir, 'script.js')], dir)
    expect(await ended).toBe(3)
    expect(output.err).toContain('Db or Table not exist')
    expect(output.err).toContain('start with --create-collections')
  })
})
