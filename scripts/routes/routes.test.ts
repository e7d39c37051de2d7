import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { functionNames } from '../build/function-names.ts'
import { repoDir } from '../build/repo-dir.ts'
import { accessPage } from './access-page.ts'
import { readRoles, readRoutes } from './read-routes.ts'
import { undeclared } from './undeclared.ts'

/** Editors align the columns of tables; that changes nothing. */
const unaligned = (text: string) => text.replace(/ +/g, ' ').replace(/-{3,}/g, '---')

describe('docs/access.md', () => {
  it('says what the routes and roles declare now (npm run routes -- --write)', async () => {
    const rows = await readRoutes(repoDir, functionNames(repoDir))
    const page = accessPage(rows, await readRoles(repoDir))
    expect(unaligned(readFileSync(join(repoDir, 'docs/access.md'), 'utf8'))).toBe(unaligned(page))
  })

  it('names who may call a route: everybody, the roles that hold its permission, or administrators only', () => {
    const row = (route: string, access: string) => ({ route, access, promises: 'audited', summary: 'a|b' })
    const rows = [
      row('x/open', 'public'),
      row('x/mine', 'user'),
      row('x/ship', 'order:ship'),
      row('x/root', 'role:manage'),
    ]
    const roles = [
      { _id: 'warehouse', title: '仓库', permissions: ['order:ship'] },
      { _id: 'admin', title: '管理员', permissions: ['*'] },
    ]
    const page = accessPage(rows, roles)
    expect(page).toContain('| `x/open` | anybody |  | audited | a\\|b |')
    expect(page).toContain('| `x/mine` | every user |')
    expect(page).toContain('| `x/ship` | warehouse | `order:ship` |')
    expect(page).toContain('| `x/root` | administrators | `role:manage` |')
    expect(page).toContain('| `admin` | 管理员 | everything |')
  })
})

describe('a route without a declaration', () => {
  const row = { route: 'x/y', access: 'user', promises: '', summary: 'Does something' }

  it.each([undefined, '', 'anyone', 'users', 'Order:ship', 'order:', 7])(
    'does not build with access %j',
    (access) => {
      // A JavaScript file, or a cast, can say anything.
      expect(undeclared([{ ...row, access: access as string }])).toHaveLength(1)
    },
  )

  it('does not build without a summary; the others do', () => {
    expect(undeclared([{ ...row, summary: ' ' }])).toEqual(['x/y has no summary'])
    for (const access of ['public', 'user', 'internal', 'timer', 'order:ship', 'web-admin:sign-in']) {
      expect(undeclared([{ ...row, access }])).toEqual([])
    }
  })
})
