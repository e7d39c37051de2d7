/** The parts of the repository that name each other do so rightly, so that a new one cannot be half there. */
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { functionNames } from './build/function-names.ts'
import { repoDir } from './build/repo-dir.ts'
import { readRoutes } from './routes/read-routes.ts'

const names = functionNames(repoDir)
const read = (path: string) => readFileSync(join(repoDir, path), 'utf8')
const readJson = <S extends z.ZodType>(schema: S, path: string) => schema.parse(JSON.parse(read(path)))

/** What is deployed: the code of all functions without its tests, by its path under `cloudfunctions`. */
const sources = new Map(
  readdirSync(join(repoDir, 'cloudfunctions'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !/\.(test|fixture)\.ts$/.test(path))
    .map((path) => [path, read(join('cloudfunctions', path))]),
)
/** Every match of `pattern`, as file and first group. */
const mentions = (pattern: RegExp) =>
  [...sources].flatMap(([path, text]) =>
    [...text.matchAll(pattern)].map((match) => ({ path, what: match[1] ?? '' })),
  )

describe('collections', () => {
  it('have a file in database-rules that names the folder whose code has them, and no other file is there', () => {
    const inCode = mentions(/\bcollection\(\s*'([^']+)'/g).map(({ path, what }) => [what, path.split('/')[0]])
    const inRules = readdirSync(join(repoDir, 'database-rules'))
      .filter((file) => file.endsWith('.json'))
      .map((file) => [
        basename(file, '.json'),
        readJson(z.object({ owner: z.string() }), join('database-rules', file)).owner,
      ])
    expect(inRules.sort()).toEqual(inCode.sort())
  })
})

describe('functions', () => {
  it('are all in cloudbaserc.json, and nothing else is', () => {
    const rc = readJson(z.object({ functions: z.array(z.object({ name: z.string() })) }), 'cloudbaserc.json')
    expect(rc.functions.map(({ name }) => name).sort()).toEqual(names)
  })

  it.each(names)('%s has its settings, its table of routes and a page for people', (name) => {
    for (const file of ['config.json', 'routes.ts', 'routes.test.ts', 'README.md']) {
      expect(existsSync(join(repoDir, 'cloudfunctions', name, file)), file).toBe(true)
    }
  })

  it.each(names)('%s may call the open APIs that its code calls, and no others', async (name) => {
    const config = z.object({ permissions: z.object({ openapi: z.array(z.string()) }) })
    const { permissions } = readJson(config, `cloudfunctions/${name}/config.json`)
    expect(permissions.openapi.toSorted()).toEqual(await openApisOf(name))
  })
})

describe('public routes', () => {
  it('only read: anybody may call them, and nobody is there to answer for it', async () => {
    mkdirSync(join(repoDir, 'dist'), { recursive: true }) // where readRoutes works
    const open = (await readRoutes(repoDir, names)).filter(({ access }) => access === 'public')
    const files = mentions(/access: '(public)'/g).map(({ path }) => path)
    expect(files).toHaveLength(open.length)
    for (const path of files) {
      const writes = /\b(?:ctx\.(?:transaction|once)|(?:db|tx)\.(?:insert|put|update|remove)\w*)\(/.exec(
        sources.get(path) ?? '',
      )
      expect([path, writes?.[0]]).toEqual([path, undefined])
    }
    expect(open.filter(({ promises }) => /idempotent|audited/.test(promises))).toEqual([])
  })
})

/**
 * What a function calls by itself, and what it makes `notification` call in its place: the consumers of an event run in
 * the function that emitted it, and each kind of message is named like the event that it tells about.
 */
async function openApisOf(name: string): Promise<string[]> {
  const events = new Map(
    [...sources.values()].flatMap((text) =>
      [...text.matchAll(/const (\w+) = defineEvent\(\s*'([^']+)'/g)].map(([, constant, event]) => [
        constant ?? '',
        event ?? '',
      ]),
    ),
  )
  const code = await codeOf(name)
  const tells = [...code.matchAll(/\.emit\((\w+?)\d*,/g)].some(([, constant = '']) =>
    kinds.has(events.get(constant) ?? ''),
  )
  const called = [...code.matchAll(/\bopenapi\??\.(\w+)\??\.(\w+)/g)].map(
    ([, group, api]) => `${group}.${api}`,
  )
  return [...new Set([...called, ...(tells ? ['subscribeMessage.send'] : [])])].sort()
}

/** The codes of `kinds.ts`, as they are written there. */
const kinds = new Set(
  [...read('cloudfunctions/notification/kinds.ts').matchAll(/^ {2}'([a-z._]+)': \{/gm)].map(
    ([, code]) => code,
  ),
)

/** Everything that can run in a function for its own sake: unused code left out, the consumers of others as well. */
async function codeOf(name: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(repoDir, 'cloudfunctions', name, 'index.ts')],
    bundle: true,
    packages: 'external',
    external: ['*/_events/index.ts'],
    platform: 'node',
    format: 'esm',
    write: false,
  })
  return outputFiles[0]?.text ?? ''
}
