import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as z from 'zod'
import { WireError } from '../../emulator/core/errors.ts'
import { LOCAL_APPID, openidOf } from '../../emulator/core/identity.ts'

/** Where the functions and their collections are described. */
const PROJECT_DIR = join(import.meta.dirname, '../..')
const FUNCTIONS_DIR = join(PROJECT_DIR, 'cloudfunctions')
const RULES_DIR = join(PROJECT_DIR, 'database-rules')

/** What an operator sets in the cloud console. Functions read it when they load, so it is set before any of them. */
process.env.ADMIN_OPENIDS = openidOf(LOCAL_APPID, 'admin')
process.env.SUB_MCH_ID ??= '1900000109'
process.env.LOG_LEVEL ??= 'silent'

export type Main = (event: unknown, context: unknown) => Promise<unknown>

export async function loadMain(functionName: string): Promise<Main> {
  const entry = join(FUNCTIONS_DIR, functionName, 'index.ts')
  if (!existsSync(entry))
    throw new WireError('FUNCTION_NOT_FOUND', `no such function: ${functionName} (${entry})`)
  const loaded: { main?: unknown } = await import(pathToFileURL(entry).href)
  if (typeof loaded.main !== 'function') throw new Error(`${entry} exports no function named main`)
  // A function's signature cannot be checked at run time; this one is the platform's.
  return loaded.main as Main
}

const settingsSchema = z.object({
  permissions: z.object({ openapi: z.array(z.string()).default([]) }).optional(),
})

/** A function's config.json; undefined when there is no such function. */
export function functionSettings(functionName: string): z.output<typeof settingsSchema> | undefined {
  const path = join(FUNCTIONS_DIR, functionName, 'config.json')
  return existsSync(path) ? settingsSchema.parse(JSON.parse(readFileSync(path, 'utf8'))) : undefined
}

const direction = z.union([z.literal(1), z.literal(-1), z.literal('2dsphere')])
const ruleSchema = z.object({
  indexes: z
    .array(
      z.object({
        name: z.string(),
        unique: z.boolean().optional(),
        fields: z.array(z.object({ path: z.string(), direction })),
      }),
    )
    .default([]),
})

let rules: ({ collection: string } & z.output<typeof ruleSchema>)[] | undefined

/** Every collection with its indexes; read once per test file. */
export function readRules(): NonNullable<typeof rules> {
  rules ??= readdirSync(RULES_DIR)
    .filter((file) => file.endsWith('.json'))
    .map((file) => ({
      collection: file.slice(0, -'.json'.length),
      ...ruleSchema.parse(JSON.parse(readFileSync(join(RULES_DIR, file), 'utf8'))),
    }))
  return rules
}
