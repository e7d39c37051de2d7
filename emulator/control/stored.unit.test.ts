import { describe, expect, it } from 'vitest'
import { createClock } from '../core/clock.ts'
import { createGate } from '../core/gate.ts'
import { createLog } from '../core/log.ts'
import { createState } from '../core/state.ts'
import { createStored } from './stored.ts'

/** Everything that is stored, with a database that takes its time. */
function stored() {
  const clock = createClock('manual', 0)
  const gate = createGate()
  const state = createState(undefined)
  const done: string[] = []
  const slowly = async (what: string) => {
    await new Promise((resolve) => setImmediate(resolve))
    done.push(what)
  }
  const all = createStored({
    gate,
    state: {
      ...state,
      async importAll(content) {
        await state.importAll(content)
        done.push('state is in')
      },
    },
    clock,
    log: createLog(clock.nowMs),
    pendingPath: undefined,
    project: () => [],
    database: {
      collections: () => [],
      createCollection: async () => {},
      ensureIndexes: async () => {},
      explain: () => undefined,
      handle: async () => ({}),
      async exportAll() {
        await slowly('database is out')
        return { collections: [] }
      },
      importAll: () => slowly('database is in'),
    },
    storage: {
      async exportObjects() {
        done.push('files are out')
        return {}
      },
      importObjects: () => slowly('files are in'),
    },
    afterReplace: () => done.push('all goes on'),
  })
  return { all, gate, done }
}

const SNAPSHOT = { version: 1, takenAtMs: 0, database: { collections: [] }, state: {}, objects: {} }

describe('a call to the cloud', () => {
  it.each([
    ['an import', 'importAll', ['database is in', 'files are in', 'state is in']],
    ['a reset', 'reset', ['database is in', 'files are in', 'state is in']],
    ['an export', 'exportAll', ['database is out', 'files are out']],
  ] as const)('that comes during %s waits until all of it is done', async (_, action, parts) => {
    const { all, gate, done } = stored()
    const replaced = all[action](SNAPSHOT)
    const call = gate.pass(async () => done.push('call'))
    await Promise.all([replaced, call])
    expect(done.filter((what) => what !== 'all goes on')).toEqual([...parts, 'call'])
  })
})
