import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

it('cannot be read around: the stored order names who in the shop did what, and rules have no projection', () => {
  const file = join(import.meta.dirname, '../../database-rules/orders.json')
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ permission: 'ADMINONLY' })
})
