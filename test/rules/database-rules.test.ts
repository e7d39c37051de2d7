/** Who may do what to our collections, row by row as the tables in this folder say it. */
import { describe, expect, it } from 'vitest'
import { reportOfOwnRules } from './run-rules-test.ts'

const { results, problems, unreached } = await reportOfOwnRules()
const collections = [...new Set(results.map(({ subject }) => subject))]

describe.each(collections)('%s', (name) => {
  const rows = results.filter(({ subject }) => subject === name)

  it.each(rows.map((row) => [row.what, row.expected, row] as const))('%s is %s', (_what, _expected, row) => {
    expect(row.failure).toBeUndefined()
  })
})

describe('the tables', () => {
  it('leave no collection out and no part of a rule unreached', () => {
    expect(problems).toEqual([])
    expect(unreached).toEqual([])
  })

  it('let clients in somewhere and keep them out everywhere else', () => {
    const open = results.filter(({ expected }) => expected === 'allowed').map(({ subject }) => subject)
    expect([...new Set(open)]).toEqual([
      'approval_tasks',
      'categories',
      'collab_presence',
      'collab_updates',
      'flash_sales',
      'inbox_messages',
      'post_drafts',
      'posts',
      'topics',
      'storage-rules',
    ])
    expect(
      collections.every((name) => results.some((row) => row.subject === name && row.expected === 'refused')),
    ).toBe(true)
  })
})
