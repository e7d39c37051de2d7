import { join } from 'node:path'
import * as z from 'zod'
import { readJsonFile } from './json-file.ts'

/** The levels of the platform's consoles, and `CUSTOM` for a rule of one's own. */
export const permission = z.enum(['ADMINONLY', 'PRIVATE', 'READONLY', 'ADMINWRITE', 'CUSTOM'])

const level = z.strictObject({
  description: z.string().optional(),
  permission,
  rule: z.record(z.string(), z.unknown()).optional(),
})
/** As the console shows it: the rule by itself. */
const bareRule = z
  .strictObject({
    read: z.union([z.boolean(), z.string()]).optional(),
    write: z.union([z.boolean(), z.string()]).optional(),
  })
  .transform((rule): StorageRule => ({ permission: 'CUSTOM', rule }))

const storageRule = z.union([level, bareRule], {
  error: 'expected { "permission": … } with a level, or { "read": …, "write": … } as in the console',
})

export interface StorageRule {
  permission: z.output<typeof permission>
  rule?: Record<string, unknown>
}

/**
 * `storage-rules.json` of the project: who may read and write files. The platform's tools keep this rule in the console
 * and have no file for it; this one holds a level, `{ "permission": "PRIVATE" }`, or the console's own JSON.
 */
export function readStorageRule(projectDir: string): StorageRule | undefined {
  return readJsonFile(join(projectDir, 'storage-rules.json'), storageRule)
}

const functionRule = z.record(z.string(), z.strictObject({ invoke: z.union([z.boolean(), z.string()]) }))

export type FunctionRule = z.output<typeof functionRule>

/** `function-rules.json` of the project: who may call which function, in the console's own JSON. */
export function readFunctionRule(projectDir: string): FunctionRule | undefined {
  return readJsonFile(join(projectDir, 'function-rules.json'), functionRule)
}
