import { describe, expect, it } from 'vitest'
import type { CommittedChange } from './documents.ts'
import { netChanges } from './net-changes.ts'

const change = (kind: CommittedChange['kind'], n?: number, collection = 'posts'): CommittedChange => ({
  collection,
  id: 'a',
  kind,
  after: n === undefined ? undefined : { _id: 'a', n },
})

describe('the changes of a commit', () => {
  it.each([
    ['an addition that is changed', [change('insert', 1), change('update', 2)], 'add', 2],
    ['an addition that is replaced', [change('insert', 1), change('replace', 2)], 'add', 2],
    ['an addition that is removed', [change('insert', 1), change('remove')], 'remove', undefined],
    ['a removal that is added again', [change('remove'), change('insert', 2)], 'replace', 2],
    ['a replacement that is changed', [change('replace', 1), change('update', 2)], 'replace', 2],
    ['a change that is replaced', [change('update', 1), change('replace', 2)], 'replace', 2],
    ['two changes', [change('update', 1), change('update', 2)], 'update', 2],
    ['a change that is removed', [change('update', 1), change('remove')], 'remove', undefined],
  ])('take %s for one', (_, changes, kind, n) => {
    const one = netChanges(changes).get('posts')?.get('a')
    expect({ kind: one?.kind, n: one?.after?.n }).toEqual({ kind, n })
  })

  it('are kept apart by collection, and texts from numbers', () => {
    const collections = netChanges([
      change('insert', 1),
      change('insert', 2, 'users'),
      { collection: 'users', id: 1, kind: 'remove' },
      { collection: 'users', id: '1', kind: 'insert', after: { _id: '1' } },
    ])
    expect([...collections.keys()]).toEqual(['posts', 'users'])
    expect([...(collections.get('users')?.values() ?? [])].map(({ id, kind }) => [id, kind])).toEqual([
      ['a', 'add'],
      [1, 'remove'],
      ['1', 'add'],
    ])
  })
})
