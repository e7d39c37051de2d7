/**
 * Writes the description of the partner API: to docs/openapi.json for people and tools, and packed into the gateway,
 * because functions are built without the code that makes it. A test tells when either is out of date.
 */
import { execFileSync } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { openApi } from '../cloudfunctions/gateway/public.ts'
import { repoDir } from './build/repo-dir.ts'

const description = await openApi()
const packed = brotliCompressSync(JSON.stringify(description)).toString('base64')

const json = join(repoDir, 'docs/openapi.json')
const module = join(repoDir, 'cloudfunctions/gateway/rest/packed-open-api.ts')
await mkdir(join(repoDir, 'docs'), { recursive: true })
await writeFile(json, `${JSON.stringify(description, null, 2)}\n`)
await writeFile(
  module,
  `/** Written by \`npm run openapi\`: docs/openapi.json, compressed by brotli, as Base64. */
export const packedOpenApi = '${packed}'
`,
)
execFileSync(join(repoDir, 'node_modules/.bin/biome'), ['format', '--write', module])
