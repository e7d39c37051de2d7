import { EJSON } from 'bson'
import { describe, expect, it } from 'vitest'
import { createClock } from '../../emulator/core/clock.ts'
import { seededRandom } from '../../emulator/core/faults.ts'
import { createIds } from '../../emulator/core/ids.ts'
import { createLog } from '../../emulator/core/log.ts'
import { createDatabase } from '../../emulator/database/index.ts'
import { createGenerator } from './generator.ts'
import { Refused, update } from './reference/update.ts'
import { type Doc, isDoc } from './reference/values.ts'

const PAIRS = 10_000
const encode = (value: Doc) => EJSON.stringify(value, { relaxed: false })

describe('updates of random documents', () => {
  it('make what the manual says', async () => {
    const generator = createGenerator(seededRandom(12))
    const clock = createClock('manual', 0)
    const database = createDatabase({ dir: undefined, clock, ids: createIds(), log: createLog(clock.nowMs) })
    const wrong: string[] = []
    let refused = 0
    await database.createCollection('v')
    for (let _id = 0; _id < PAIRS; _id++) {
      const before: Doc = { _id, ...generator.document() }
      const change = generator.update()
      let expected = `refused ${inNameOrder(before)}`
      try {
        const after = update(before, change)
        expected = `${encode(after) === encode(before) ? 0 : 1} ${inNameOrder(after)}`
      } catch (error) {
        if (!(error instanceof Refused)) throw error
      }
      await database.handle('database.insertDocument', { collectionName: 'v', data: [encode(before)] }, {})
      const query = encode({ _id })
      const modify = { collectionName: 'v', query, data: encode(change) }
      const outcome = await database.handle('database.modifyDocument', modify, {}).then(
        ({ data }) => String(Object(data).updated),
        () => 'refused',
      )
      const { data } = await database.handle('database.getDocument', { collectionName: 'v', query }, {})
      const got = `${outcome} ${inNameOrder(EJSON.parse(Object(data).list[0]) as Doc)}`
      if (outcome === 'refused') refused += 1
      if (got !== expected)
        wrong.push(`${encode(before)}\n  ${encode(change)}\n  want ${expected}\n  got  ${got}`)
    }
    await database.stop()
    expect(wrong).toEqual([])
    // Both sides must have something to do.
    expect(refused).toBeGreaterThan(PAIRS / 20)
    expect(refused).toBeLessThan(PAIRS / 2)
  })
})

/** The order of new fields is not compared: the database adds them in the order of the operators, MongoDB in that of names. */
function inNameOrder(value: Doc): string {
  return JSON.stringify(JSON.parse(encode(value)), (_, each) =>
    isDoc(each) ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1))) : each,
  )
}
