import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix, relative, sep } from 'node:path'
import { findCircles } from './find-circles.ts'
import { type ImportRule, importRules } from './import-rules.ts'
import { type Import, importsOf } from './imports-of.ts'

const ROOTS = ['cloudfunctions', 'emulator', 'scripts', 'test', 'miniprogram-stub']

/** Every import between folders that the table does not allow, and every circle; one line of text each. */
export function checkImports(repoDir: string): string[] {
  const files = ROOTS.flatMap((root) => sourcesIn(repoDir, root))
  const imports = new Map(files.map((file) => [file, localImports(repoDir, file)]))
  const forbidden = [...imports].flatMap(([file, targets]) =>
    targets.flatMap((target) => faultOf(file, target) ?? []),
  )
  // Types vanish when a file is compiled: only running code can meet itself half loaded.
  const running = new Map(
    [...imports].map(([file, targets]) => [
      file,
      targets.filter(({ typeOnly }) => !typeOnly).map(({ path }) => path),
    ]),
  )
  const circles = findCircles(running).map((circle) => `circle of imports: ${circle.join(' -> ')}`)
  return [...forbidden, ...circles]
}

function sourcesIn(repoDir: string, root: string): string[] {
  const dir = join(repoDir, root)
  if (!existsSync(dir)) return []
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter(
      (name) =>
        /\.(ts|mjs)$/.test(name) && !name.endsWith('.d.ts') && !name.split(sep).includes('node_modules'),
    )
    .map((name) => posix.join(root, name.replaceAll(sep, '/')))
    .sort()
}

interface LocalImport extends Import {
  /** From the root of the repository. */
  path: string
}

function localImports(repoDir: string, file: string): LocalImport[] {
  return importsOf(readFileSync(join(repoDir, file), 'utf8'))
    .filter(({ specifier }) => specifier.startsWith('.'))
    .map((found) => ({ ...found, path: resolved(repoDir, file, found.specifier) }))
}

/** The mini program's bundler wants imports without an extension. */
function resolved(repoDir: string, file: string, specifier: string): string {
  const path = relative(repoDir, join(repoDir, dirname(file), specifier)).replaceAll(sep, '/')
  return (
    [path, `${path}.ts`, `${path}/index.ts`].find(
      (one) => /\.\w+$/.test(one) && existsSync(join(repoDir, one)),
    ) ?? path
  )
}

function faultOf(file: string, target: LocalImport): string | undefined {
  const rule = importRules.find(({ from }) => from.test(file))
  if (rule === undefined || isAllowed(rule, file, target)) return undefined
  return `${file}:${target.line}: must not import ${target.path}: ${rule.because} (scripts/imports/import-rules.ts)`
}

function isAllowed(rule: ImportRule, file: string, { path, typeOnly }: LocalImport): boolean {
  const group = rule.from.exec(file)?.[1] ?? ''
  const may = typeOnly ? [...rule.may, ...(rule.mayImportTypes ?? [])] : rule.may
  return may.some((one) =>
    typeof one === 'string' ? path.startsWith(one.replace('$1', group)) : one.test(path),
  )
}
