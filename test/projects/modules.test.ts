import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { installPackage, startStranger, writeProject } from './stranger.ts'

/** A function that says which SDK it got. */
const WHICH_SDK = `const cloud = require('wx-server-sdk')
cloud.init()
exports.main = async () => require('wx-server-sdk/package.json').version`

describe('a package', () => {
  it("comes from the function's own folder first, then from the project's", async () => {
    const dir = writeProject({
      'cloudfunctions/own/index.js': WHICH_SDK,
      'cloudfunctions/shared/index.js': WHICH_SDK,
    })
    installPackage(join(dir, 'cloudfunctions/own'), 'wx-server-sdk', 'wx-server-sdk-2.6')
    installPackage(dir, 'wx-server-sdk', 'wx-server-sdk-3.0')
    await using stranger = await startStranger(dir)
    expect((await stranger.call('own')).result).toMatch(/^2\.6\./)
    expect((await stranger.call('shared')).result).toMatch(/^3\.0\./)
    expect(stranger.logged('warn')).toEqual([])
  })

  it('that is the SDK and nowhere installed is lent, with the command that installs it', async () => {
    const dir = writeProject({
      'cloudfunctions/hello/index.js': `const cloud = require('wx-server-sdk')
        cloud.init({ env: cloud.DYNAMIC_CURRENT_ENV })
        exports.main = async () => cloud.getWXContext().OPENID.length`,
      'cloudfunctions/hello/package.json': { dependencies: { 'wx-server-sdk': '~2.6.3' } },
      'cloudfunctions/node/index.js': `const tcb = require('@cloudbase/node-sdk')
        exports.main = async () => typeof tcb.init`,
    })
    await using stranger = await startStranger(dir)
    expect((await stranger.call('hello')).result).toBe(28)
    expect((await stranger.call('hello')).result).toBe(28)
    expect((await stranger.call('node')).result).toBe('function')
    const hello = join(dir, 'cloudfunctions/hello')
    const node = join(dir, 'cloudfunctions/node')
    expect(stranger.logged('warn')).toEqual([
      expect.stringMatching(
        new RegExp(
          `^wx-server-sdk is not installed, 4\\..* is used: function hello needs wx-server-sdk, run \`cd ${hello} && npm install\`$`,
        ),
      ),
      expect.stringContaining(`run \`cd ${node} && npm init -y && npm install @cloudbase/node-sdk\``),
    ])
  })

  it.each([
    ['required', `const moment = require('moment/locale/zh-cn')`, {}, 'npm install moment'],
    [
      'required, and declared',
      `const moment = require('moment')`,
      { dependencies: { moment: '2' } },
      'npm install',
    ],
    ['with a scope', `require('@scope/tool')`, {}, 'npm install @scope/tool'],
    ['required when it is used', `exports.main = async () => require('moment')`, {}, 'npm install moment'],
    ['imported', `import 'moment'; export const main = 1`, { type: 'module' }, 'npm install moment'],
  ])('%s that is missing is named, with the command', async (_how, code, manifest, command) => {
    const dir = writeProject({
      'cloudfunctions/report/index.js': code,
      'cloudfunctions/report/package.json': manifest,
    })
    await using stranger = await startStranger(dir)
    const { errCode, errMsg } = await stranger.call('report')
    expect(errCode).toBe(-504002)
    expect(errMsg).toContain('function report needs')
    expect(errMsg).toContain(`\`cd ${join(dir, 'cloudfunctions/report')} && ${command}\``)
    expect(stranger.logged('error').join()).toContain(command)
  })

  it('that a program tries and does without is no error', async () => {
    const dir = writeProject({
      'cloudfunctions/optional/index.js': `let colour
        try { colour = require('chalk-of-nobody') } catch (error) { colour = error.code }
        exports.main = async () => colour`,
    })
    await using stranger = await startStranger(dir)
    expect((await stranger.call('optional')).result).toBe('MODULE_NOT_FOUND')
    expect(stranger.logged('error')).toEqual([])
  })
})

describe('a function may be', () => {
  it.each([
    ['exports.main', { 'index.js': 'exports.main = (event) => ({ n: event.n + 1 })' }],
    ['module.exports', { 'index.js': 'module.exports = { async main({ n }) { return { n: n + 1 } } }' }],
    [
      'a callback',
      {
        'index.js':
          'exports.main = (event, context, callback) => { setTimeout(() => callback(null, { n: event.n + 1 }), 5) }',
      },
    ],
    [
      'with files beside it',
      {
        'index.js': `const config = require('./config'), add = require('./lib/add.js'), { step } = require('./data.json')
          exports.main = async ({ n }) => ({ n: add(n, step * config.times) })`,
        'config.js': 'module.exports = { times: 1 }',
        'lib/add.js': 'module.exports = (a, b) => a + b',
        'data.json': '{ "step": 1 }',
      },
    ],
    [
      'with a file read from its folder',
      {
        'index.js': `const fs = require('fs'), path = require('path')
          exports.main = async ({ n }) => ({ n: n + Number(fs.readFileSync(path.join(__dirname, 'step.txt'))) })`,
        'step.txt': '1',
      },
    ],
    [
      'a module',
      {
        'index.js': `import { readFileSync } from 'node:fs'
          const { type } = JSON.parse(readFileSync(new URL('./package.json', import.meta.url)))
          export const main = async ({ n }) => ({ n: n + (type === 'module' ? 1 : 0) })`,
        'package.json': { type: 'module' },
      },
    ],
    [
      'a module that awaits while it loads',
      {
        'index.mjs': `const step = await Promise.resolve(1)
          export async function main({ n }) { return { n: n + step } }`,
      },
    ],
  ])('%s', async (_how, files) => {
    const dir = writeProject(
      Object.fromEntries(
        Object.entries(files).map(([name, content]) => [`cloudfunctions/f/${name}`, content]),
      ),
    )
    await using stranger = await startStranger(dir)
    expect(await stranger.call('f', { n: 41 })).toMatchObject({ result: { n: 42 } })
  })

  it('at another place, by the handler of cloudbaserc.json', async () => {
    const dir = writeProject({
      'cloudbaserc.json': { functions: [{ name: 'deep', handler: 'src/app.v2.run' }] },
      'cloudfunctions/deep/src/app.v2.js': 'exports.run = async () => "ran"',
    })
    await using stranger = await startStranger(dir)
    expect((await stranger.call('deep')).result).toBe('ran')
  })

  it('not where only package.json says so: the log tells the handler to set', async () => {
    const dir = writeProject({
      'cloudfunctions/app/package.json': { main: './lib/app.js' },
      'cloudfunctions/app/lib/app.js': 'exports.main = async () => 1',
    })
    await using stranger = await startStranger(dir)
    const { errCode, errMsg } = await stranger.call('app')
    expect(errCode).toBe(-504002)
    expect(errMsg).toContain('app has no index.js')
    expect(errMsg).toContain('set "handler": "lib/app.main" in cloudbaserc.json')
  })

  it('one that stands in a folder which project.config.json names, among folders that are none', async () => {
    const dir = writeProject({
      'project.config.json': { cloudfunctionRoot: 'server/functions/' },
      'server/functions/real/index.js': 'exports.main = () => 1',
      'server/functions/real/config.json': '\uFEFF{ "permissions": { "openapi": ["wxacode.get"] } }',
      'server/functions/common/util.js': 'module.exports = 1',
      'server/functions/README.md': '# functions',
    })
    await using stranger = await startStranger(dir)
    expect(stranger.emulator.functions()).toMatchObject([{ name: 'real', openApis: ['wxacode.get'] }])
  })
})

describe('what a function asks of the internet', () => {
  it('goes where it is sent, past the cloud', async () => {
    const server = createServer((request, response) => {
      response.end(JSON.stringify({ url: request.url, host: request.headers.host }))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
    const dir = writeProject({
      'cloudfunctions/ask/index.js': `const http = require('http'), request = require('request'), axios = require('axios')
        const cloud = require('wx-server-sdk')
        cloud.init()
        const get = (...args) => new Promise((resolve, reject) => {
          http.get(...args, (response) => {
            let text = ''
            response.on('data', (chunk) => { text += chunk }).on('end', () => resolve(JSON.parse(text)))
          }).on('error', reject)
        })
        exports.main = async ({ host }) => {
          const url = 'http://' + host
          const viaRequest = (path) => new Promise((resolve, reject) =>
            request({ url: url + path, json: true }, (error, _, body) => (error ? reject(error) : resolve(body))))
          return [
            await get(url + '/a'),
            await get({ hostname: '127.0.0.1', port: host.split(':')[1], path: '/b' }),
            await viaRequest('/c'),
            (await axios.get(url + '/d')).data,
            await (await fetch(url + '/e')).json(),
            await cloud.database().collection('notes').count(),
            process.env.HTTP_PROXY === undefined,
          ]
        }`,
    })
    // The one SDK that has a fixed address: it is served, and nothing else is touched.
    installPackage(dir, 'wx-server-sdk', 'wx-server-sdk-1.8')
    installPackage(dir, 'request')
    installPackage(dir, 'axios')
    await using stranger = await startStranger(dir, { createCollections: true })
    const { result, errMsg } = await stranger.call('ask', { host })
    server.close()
    expect(errMsg).toContain(':ok')
    expect(result).toEqual([
      ...['/a', '/b', '/c', '/d', '/e'].map((url) => ({ url, host })),
      { total: 0, errMsg: 'collection.count:ok' },
      true,
    ])
  })
})
