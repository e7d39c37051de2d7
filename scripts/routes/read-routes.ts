import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import type { Role, Routes } from '../../cloudfunctions/_kernel/index.ts'

export interface RouteRow {
  /** As a client calls it: `order/create`. */
  route: string
  access: string
  /** Idempotency, rate limit, audit. */
  promises: string
  summary: string
}

export type BuiltInRole = Pick<Role, '_id' | 'title'> & { permissions: readonly string[] }

/** Loads the routes.ts of each function and reads what its routes declare. */
export async function readRoutes(repoDir: string, names: readonly string[]): Promise<RouteRow[]> {
  const lines = names.map((name) => `export { routes as ${name} } from './cloudfunctions/${name}/routes.ts'`)
  // What a routes.ts exports under this name is a table of routes: the compiler has checked it as one.
  const tables = (await load(repoDir, lines)) as Record<string, Routes>
  return Object.entries(tables).flatMap(([name, routes]) =>
    Object.entries(routes).map(
      ([key, route]): RouteRow => ({
        route: `${name}/${key}`,
        access: route.access,
        promises: promisesOf(route),
        summary: route.summary,
      }),
    ),
  )
}

/** The roles that come with the product. */
export async function readRoles(repoDir: string): Promise<readonly BuiltInRole[]> {
  const loaded = await load(repoDir, ["export { builtInRoles } from './cloudfunctions/user/public.ts'"])
  return loaded.builtInRoles as readonly BuiltInRole[]
}

function promisesOf({ idempotent, rateLimit, audit }: Routes[string]): string {
  return [
    idempotent && `idempotent (${idempotent})`,
    rateLimit && `${rateLimit.limit} per ${rateLimit.perMs / 1000} s`,
    audit && `audited as ${audit.action}`,
  ]
    .filter(Boolean)
    .join(', ')
}

/** Node 20 does not read TypeScript, so what is asked for is bundled first; packages are found from inside the repository. */
async function load(repoDir: string, lines: readonly string[]): Promise<Record<string, unknown>> {
  const { outputFiles } = await build({
    stdin: { contents: lines.join('\n'), resolveDir: repoDir },
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    format: 'esm',
    write: false,
  })
  await mkdir(join(repoDir, 'dist'), { recursive: true })
  const dir = await mkdtemp(join(repoDir, 'dist/routes-'))
  try {
    const file = join(dir, 'routes.mjs')
    await writeFile(file, outputFiles[0]?.text ?? '')
    return { ...(await import(pathToFileURL(file).href)) }
  } finally {
    await rm(dir, { recursive: true })
  }
}
