import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

let code: Promise<string> | undefined

/**
 * The program that runs inside every instance, as one piece of JavaScript. A worker thread of Node 20 cannot load
 * TypeScript by itself, and starts faster without the loader that the cloud was started with.
 */
export function workerCode(): Promise<string> {
  code ??= build({
    entryPoints: [fileURLToPath(new URL('./worker/main.ts', import.meta.url))],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    define: { LENDER_FILE: JSON.stringify(fileURLToPath(import.meta.url)) },
  }).then(({ outputFiles }) => outputFiles[0]?.text ?? '')
  return code
}
