import { build } from 'esbuild'
import { resolveStubs, type SeldomSources, sdkPartsPlugin } from './sdk-parts-plugin.ts'
import { sdkParts } from './unused-sdk-parts.ts'

/**
 * SELDOM_FILE: `exports[key]()` gives a part. The same parts give the same text, so functions that use the same
 * SDK share one run of the bundler.
 */
export function seldomCode(sources: SeldomSources): Promise<string> {
  const key = [...sources.keys()].sort().join('\n')
  const made = madeBefore.get(key) ?? make(sources)
  madeBefore.set(key, made)
  return made
}

const madeBefore = new Map<string, Promise<string>>()

async function make(sources: SeldomSources): Promise<string> {
  const entries = [...sources.keys()]
    .sort()
    .map(
      (key) => `exports[${JSON.stringify(key)}] = () => require(${JSON.stringify(`sdk-seldom-part:${key}`)})`,
    )
  const { outputFiles } = await build({
    stdin: { contents: entries.join('\n'), resolveDir: process.cwd() },
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    legalComments: 'none',
    write: false,
    logLevel: 'silent',
    plugins: [
      {
        name: 'seldom-parts',
        setup(bundler) {
          resolveStubs(bundler)
          bundler.onResolve({ filter: /^sdk-seldom-part:/ }, ({ path }) => ({
            path: path.slice('sdk-seldom-part:'.length),
            namespace: 'sdk-seldom',
          }))
          bundler.onLoad({ filter: /.*/, namespace: 'sdk-seldom' }, ({ path }) => {
            const source = sources.get(path)
            return source && { contents: source.code, loader: 'js', resolveDir: source.resolveDir }
          })
        },
      },
      sdkPartsPlugin(
        sdkParts.filter(({ treatment }) => treatment !== 'seldom'),
        new Map(),
      ),
    ],
  })
  return outputFiles[0]?.text ?? ''
}
