import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { createState } from './state.ts'

const dir = mkdtempSync(join(tmpdir(), 'state-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

describe.each([
  ['in memory', undefined],
  ['on disk', join(dir, 'tables')],
])('state %s', (_, path) => {
  it('keeps rows by table and key, in order of key', async () => {
    const state = createState(path)
    const payments = state.table<{ fen: number }>('payments')
    const other = state.table<string>('payments2')
    await payments.put('b', { fen: 2 })
    await payments.put('a', { fen: 1 })
    await other.put('a', 'elsewhere')
    expect(payments.get('a')).toEqual({ fen: 1 })
    expect(payments.entries()).toEqual([
      ['a', { fen: 1 }],
      ['b', { fen: 2 }],
    ])
    await payments.remove('a')
    expect(payments.get('a')).toBeUndefined()
    await state.stop()
  })

  it('comes back from an export', async () => {
    const state = createState(path)
    await state.importAll({ users: { buyer1: { name: 'buyer1' } } })
    expect(state.exportAll()).toEqual({ users: { buyer1: { name: 'buyer1' } } })
    expect(state.table('payments').entries()).toEqual([])
    await state.stop()
  })
})

it('state on disk is there again after a restart', async () => {
  const path = join(dir, 'again')
  const first = createState(path)
  await first.table<number>('t').put('k', 1)
  await first.stop()
  const second = createState(path)
  expect(second.table<number>('t').get('k')).toBe(1)
  await second.stop()
})
