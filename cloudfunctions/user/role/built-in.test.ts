import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import '../../../test/support/unit.ts'
import { builtInRoles, permissionTitles } from './built-in.ts'

const FUNCTIONS_DIR = join(import.meta.dirname, '../..')

/** What every function's routes ask for. */
async function permissionsAskedFor(): Promise<Set<string>> {
  const asked = new Set<string>()
  const tables = readdirSync(FUNCTIONS_DIR)
    .map((name) => join(FUNCTIONS_DIR, name, 'routes.ts'))
    .filter((path) => existsSync(path))
  for (const path of tables) {
    const { routes } = z
      .object({ routes: z.record(z.string(), z.object({ access: z.string() })) })
      .parse(await import(path))
    for (const { access } of Object.values(routes)) if (access.includes(':')) asked.add(access)
  }
  return asked
}

describe('permissions', () => {
  it('are listed here exactly as the routes ask for them', async () => {
    const asked = await permissionsAskedFor()
    expect(asked).toContain('order:ship')
    expect(Object.keys(permissionTitles).toSorted()).toEqual([...asked].toSorted())
  })

  it('are each held by a built-in role or left to administrators on purpose', () => {
    const held = new Set(builtInRoles.flatMap(({ permissions }) => permissions))
    const administratorsOnly = Object.keys(permissionTitles).filter((permission) => !held.has(permission))
    expect(administratorsOnly).toEqual([
      'ops:audit',
      'ops:backup',
      'ops:events',
      'ops:read',
      'ops:restore',
      'ops:settings',
      'partner:manage',
      'privacy:erase',
      'role:manage',
      'scheduler:read',
      'scheduler:run',
    ])
  })
})
