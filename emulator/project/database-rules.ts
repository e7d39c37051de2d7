import { existsSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import * as z from 'zod'
import { permission } from './access-rules.ts'
import { readJsonFile } from './json-file.ts'

/** `database-rules/<collection>.json`: who may do what, and the indexes that a deployment creates. */
const described = z.strictObject({
  description: z.string().optional(),
  owner: z.string().optional(),
  permission: permission.optional(),
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

const OPERATIONS = new Set(['read', 'write', 'create', 'update', 'delete'])

/** Also the console's own JSON, `{ "read": …, "write": … }`, which is a rule by itself. */
const collectionRule = z.preprocess(
  (given) => (isBareRule(given) ? { rule: given } : given),
  described
    .refine(({ permission, rule }) => rule === undefined || (permission ?? 'CUSTOM') === 'CUSTOM', {
      path: ['permission'],
      error: 'a rule needs the permission CUSTOM: with a level it would not be looked at',
    })
    .transform(({ permission, ...rest }) => ({
      ...rest,
      permission: permission ?? (rest.rule ? 'CUSTOM' : 'ADMINONLY'),
    })),
)

export type CollectionRule = z.output<typeof collectionRule> & { name: string }

function isBareRule(given: unknown): boolean {
  const names = typeof given === 'object' && given !== null ? Object.keys(given) : []
  return names.length > 0 && names.every((name) => OPERATIONS.has(name))
}

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
