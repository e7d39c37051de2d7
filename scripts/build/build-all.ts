import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { readRoutes } from '../routes/read-routes.ts'
import { undeclared } from '../routes/undeclared.ts'
import { type Bundle, bundleFunction } from './bundle-function.ts'
import { functionNames } from './function-names.ts'
import { isUpToDate, writeStamp } from './stamp.ts'

export type BuildOutcome = { upToDate: true; names: string[] } | { upToDate: false; bundles: Bundle[] }

/** Bundles every function of the repository into dist/cloudfunctions, unless what is there is of the same sources. */
export async function buildAll(repoDir: string, { force = false } = {}): Promise<BuildOutcome> {
  const names = functionNames(repoDir)
  const outRoot = join(repoDir, 'dist/cloudfunctions')
  const stampFile = join(repoDir, 'dist/functions.stamp.json')
  if (
    !force &&
    isUpToDate(stampFile, repoDir, names) &&
    names.every((name) => existsSync(join(outRoot, name, 'index.js')))
  ) {
    return { upToDate: true, names }
  }
  const faults = undeclared(await readRoutes(repoDir, names))
  if (faults.length > 0) throw new Error(faults.join('\n'))
  rmSync(stampFile, { force: true })
  mkdirSync(outRoot, { recursive: true })
  removeStrangers(outRoot, names)

  // Each bundle keeps a core busy; the first also fills the cache of SDK parts that the others share.
  const bundles: Bundle[] = []
  for (const name of names) bundles.push(await bundleOne(repoDir, name))
  writeStamp(stampFile, repoDir, names, [
    ...bundles.flatMap(({ inputs }) => inputs),
    ...names.map((name) => join(repoDir, 'cloudfunctions', name, 'config.json')),
    ...toolSources(repoDir),
  ])
  return { upToDate: false, bundles }
}

function bundleOne(repoDir: string, name: string): Promise<Bundle> {
  return bundleFunction({
    name,
    sourceDir: join(repoDir, 'cloudfunctions', name),
    outDir: join(repoDir, 'dist/cloudfunctions', name),
    mapDir: join(repoDir, 'dist/sourcemaps'),
  })
}

/** A function that was renamed or deleted must not be deployed again. */
function removeStrangers(outRoot: string, names: string[]): void {
  for (const name of readdirSync(outRoot)) {
    if (!names.includes(name)) rmSync(join(outRoot, name), { recursive: true })
  }
}

function toolSources(repoDir: string): string[] {
  const dir = join(repoDir, 'scripts/build')
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(ts|cjs)$/.test(file))
    .map((file) => join(dir, file))
}
