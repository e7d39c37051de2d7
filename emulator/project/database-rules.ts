import { existsSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import * as z from 'zod'
import { permission } from './access-rules.ts'
import { readJsonFile } from './json-file.ts'

/** `database-rules/<collection>.json`: who may do what, and the indexes that a deployment creates. */
const collectionRule = z.object({
  description: z.string().optional(),
  owner: z.string().optional(),
  permission: permission.default('ADMINONLY'),
  rule: z.record(z.string(), z.unknown()).optional(),
  indexes: z
    .array(
      z.object({
        name: z.string().min(1),
        unique: z.boolean().optional(),
        fields: z
          .array(
            z.object({
              path: z.string().min(1),
              direction: z.union([z.literal(1), z.literal(-1), z.literal('2dsphere')]).default(1),
            }),
          )
          .min(1),
      }),
    )
    .default([]),
})

export type CollectionRule = z.output<typeof collectionRule> & { name: string }

export function readDatabaseRules(dir: string): CollectionRule[] {
  if (!existsSync(dir)) return []
  return readdirSync(dir)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .flatMap((file) => {
      const rule = readJsonFile(join(dir, file), collectionRule)
      return rule ? [{ ...rule, name: basename(file, '.json') }] : []
    })
}
