import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { repoDir } from '../build/repo-dir.ts'
import { checkImports } from './check-imports.ts'

const temporary: string[] = []
afterEach(() => {
  for (const dir of temporary.splice(0)) rmSync(dir, { recursive: true })
})

function project(files: Record<string, string>): string {
  const dir = mkdtempSync(join(tmpdir(), 'imports-'))
  temporary.push(dir)
  for (const [path, source] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true })
    writeFileSync(join(dir, path), source)
  }
  return dir
}

const allowed: [string, string, string][] = [
  ['a route its own model', 'cloudfunctions/order/create.ts', `import { draft } from './model.ts'`],
  [
    'a route the front page of the kernel',
    'cloudfunctions/order/create.ts',
    `import { refuse } from '../_kernel/index.ts'`,
  ],
  [
    'a route in a folder what another has made public',
    'cloudfunctions/order/cart/add.ts',
    `import { sku } from '../../catalog/public.ts'`,
  ],
  [
    'an index.ts the events',
    'cloudfunctions/order/index.ts',
    `import { subscriptions } from '../_events/index.ts'`,
  ],
  [
    'the events what a capability has made public',
    'cloudfunctions/_events/index.ts',
    `import { onPaid } from '../order/public.ts'`,
  ],
  [
    'a module of the local cloud the core',
    'emulator/timers/index.ts',
    `import type { Clock } from '../core/clock.ts'`,
  ],
  [
    'the root of the local cloud every module',
    'emulator/index.ts',
    `import { createTimers } from './timers/index.ts'`,
  ],
  [
    'a journey the local cloud',
    'test/journeys/shop.test.ts',
    `import { startEmulator } from '../../emulator/index.ts'`,
  ],
  ['a script the routes', 'scripts/routes.ts', `import { routes } from '../cloudfunctions/order/routes.ts'`],
  [
    'the mini program the types of routes',
    'miniprogram-stub/api/order.ts',
    `import type { routes } from '../../cloudfunctions/order/routes'`,
  ],
  ['anybody a package', 'emulator/core/state.ts', `import { open } from 'lmdb'`],
]

const refused: [string, string, string][] = [
  [
    'a route the inside of the kernel',
    'cloudfunctions/order/create.ts',
    `import { x } from '../_kernel/data/db.ts'`,
  ],
  [
    'a route the inside of another capability',
    'cloudfunctions/order/create.ts',
    `import { x } from '../catalog/model.ts'`,
  ],
  [
    'a route the inside of another, over lines',
    'cloudfunctions/order/create.ts',
    `import {\n  x,\n  y,\n} from '../catalog/model.ts'`,
  ],
  [
    'a route the events',
    'cloudfunctions/order/create.ts',
    `import { subscriptions } from '../_events/index.ts'`,
  ],
  [
    'the kernel a capability, even a type',
    'cloudfunctions/_kernel/route.ts',
    `import type { Order } from '../order/public.ts'`,
  ],
  [
    'a capability the local cloud',
    'cloudfunctions/order/create.ts',
    `export * from '../../emulator/index.ts'`,
  ],
  [
    'a module of the local cloud another',
    'emulator/timers/index.ts',
    `import { createDatabase } from '../database/index.ts'`,
  ],
  [
    'the local cloud the functions',
    'emulator/index.ts',
    `import { main } from '../cloudfunctions/order/index.ts'`,
  ],
  [
    'the core a module, at run time',
    'emulator/core/module.ts',
    `const timers = await import('../timers/index.ts')`,
  ],
  [
    'a journey what is behind a door',
    'test/journeys/shop.test.ts',
    `import { plan } from '../../emulator/database/plan.ts'`,
  ],
  [
    'a script the inside of a function',
    'scripts/seed.ts',
    `import { create } from '../cloudfunctions/order/create.ts'`,
  ],
  [
    'the mini program running code',
    'miniprogram-stub/api/order.ts',
    `import { routes } from '../../cloudfunctions/order/routes'`,
  ],
]

describe('import directions', () => {
  it.each(allowed)('allow %s', (_who, file, source) => {
    expect(checkImports(project({ [file]: source, 'cloudfunctions/order/routes.ts': '' }))).toEqual([])
  })

  it.each(refused)('refuse %s', (_who, file, source) => {
    const faults = checkImports(project({ [file]: source, 'cloudfunctions/order/routes.ts': '' }))
    expect(faults).toHaveLength(1)
    expect(faults[0]).toMatch(
      new RegExp(`^${file}:\\d+: must not import .*: .* \\(scripts/imports/import-rules.ts\\)$`),
    )
  })

  it('tell a circle once, by all its files', () => {
    const files = {
      'emulator/core/a.ts': `import { b } from './b.ts'`,
      'emulator/core/b.ts': `import { c } from './c.ts'`,
      'emulator/core/c.ts': `import { a } from './a.ts'`,
      'emulator/core/d.ts': `import { a } from './a.ts'`,
    }
    expect(checkImports(project(files))).toEqual([
      'circle of imports: emulator/core/a.ts -> emulator/core/b.ts -> emulator/core/c.ts -> emulator/core/a.ts',
    ])
  })

  it('let types refer to each other', () => {
    const files = {
      'emulator/core/a.ts': `import type { B } from './b.ts'`,
      'emulator/core/b.ts': `import { type A } from './a.ts'`,
    }
    expect(checkImports(project(files))).toEqual([])
  })

  it('are kept in this repository', () => {
    expect(checkImports(repoDir)).toEqual([])
  })
})
