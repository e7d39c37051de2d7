import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { createPhone, STUB_DIR } from './phone.ts'
import { namesIn, parseWxml } from './wxml.ts'

const read = (path: string) => readFileSync(join(STUB_DIR, path), 'utf8')
const appSchema = z.object({
  pages: z.array(z.string()),
  usingComponents: z.record(z.string(), z.string()),
  tabBar: z.object({ list: z.array(z.object({ pagePath: z.string() })) }),
  sitemapLocation: z.string(),
})
const app = appSchema.parse(JSON.parse(read('app.json')))
const components = Object.values(app.usingComponents).map((path) => path.replace(/^\//, ''))
const views = [...app.pages, ...components]

const sources = readdirSync(STUB_DIR, { recursive: true, encoding: 'utf8' }).filter((path) =>
  path.endsWith('.ts'),
)

describe('the files of the mini program', () => {
  const phone = createPhone({ kind: 'cloudbase', env: 'shop' }, async () => ({ code: 0, data: null }))
  beforeAll(() => phone.startApp())

  it('begin with an app', () => {
    expect(JSON.parse(read(app.sitemapLocation))).toHaveProperty('rules')
    for (const { pagePath } of app.tabBar.list) expect(app.pages).toContain(pagePath)
    expect(app.pages.length).toBe(readdirSync(join(STUB_DIR, 'pages')).length)
  })

  it('are what the project file names, and the TypeScript there is compiled by DevTools', () => {
    const project: unknown = JSON.parse(readFileSync(join(STUB_DIR, '../project.config.json'), 'utf8'))
    expect(project).toMatchObject({
      miniprogramRoot: 'miniprogram-stub/',
      setting: { useCompilerPlugins: ['typescript'] },
    })
  })

  it.each(views)('%s has its four files', (path) => {
    for (const extension of ['ts', 'wxml', 'wxss', 'json']) {
      expect(existsSync(join(STUB_DIR, `${path}.${extension}`)), extension).toBe(true)
    }
    expect(() => JSON.parse(read(`${path}.json`))).not.toThrow()
  })

  it.each(views)('%s has handlers for all that its view reacts to', async (path) => {
    const options = await phone.optionsOf(`${path}.ts`)
    const handlers = { ...options, ...z.record(z.string(), z.unknown()).default({}).parse(options.methods) }
    for (const { attributes, line } of parseWxml(read(`${path}.wxml`)).elements) {
      for (const [name, handler] of Object.entries(attributes)) {
        if (!/^(?:bind|catch)/.test(name)) continue
        expect(typeof Reflect.get(handlers, handler), `line ${line}: ${name}="${handler}"`).toBe('function')
      }
    }
  })

  it.each(views)('%s shows only data that there is', async (path) => {
    const { data, properties } = await phone.optionsOf(`${path}.ts`)
    const known = Object.keys({ ...toObject(data), ...toObject(properties) })
    for (const { text, loopNames, line } of parseWxml(read(`${path}.wxml`)).expressions) {
      for (const name of namesIn(text))
        expect([...known, ...loopNames], `line ${line}: ${text}`).toContain(name)
    }
  })

  it.each(views)('%s uses only elements that are known', (path) => {
    const native = [
      'view',
      'text',
      'image',
      'button',
      'block',
      'radio',
      'scroll-view',
      'form',
      'input',
      'picker',
    ]
    for (const { tag, line } of parseWxml(read(`${path}.wxml`)).elements) {
      expect([...native, ...Object.keys(app.usingComponents)], `line ${line}`).toContain(tag)
    }
  })

  it.each(sources)('%s runs without anything from outside, and leads to pages that exist', (path) => {
    const source = read(path)
    for (const [, clause = '', specifier = ''] of source.matchAll(/^import\s+([^'"]*?)from '([^']+)'/gm)) {
      if (clause.startsWith('type ')) continue
      const target = join(path, '..', specifier)
      expect(existsSync(join(STUB_DIR, `${target}.ts`)), `${specifier}, without extension`).toBe(true)
    }
    for (const [, page] of source.matchAll(/[`']\/?(pages\/[\w/-]+)/g)) expect(app.pages).toContain(page)
  })

  it('open where the inbox leads to', () => {
    const kinds = readFileSync(join(STUB_DIR, '../cloudfunctions/notification/kinds.ts'), 'utf8')
    const linked = [...kinds.matchAll(/`(pages\/[\w/-]+)\?/g)].map(([, page]) => page)
    expect(linked.length).toBeGreaterThan(0)
    for (const page of linked) expect(app.pages).toContain(page)
  })
})

describe('the check of views', () => {
  it.each([
    ['<view><text></view></text>', 'line 1: </view> closes <text>'],
    ['<view>\n<text>', 'line 2: <text> is never closed'],
    ['</view>', 'line 1: </view> closes <nothing>'],
    ['<view>{{a}</view>', 'line 1: {{ and }} do not match'],
    ['<view class=a>', 'line 1: not a tag'],
  ])('refuses %s', (source, why) => {
    expect(() => parseWxml(source)).toThrow(why)
  })

  it('knows what an expression reads', () => {
    expect(namesIn("a.b === 'c' ? item.d + e(1) : !f")).toEqual(['a', 'item', 'e', 'f'])
  })
})

function toObject(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {}
}
