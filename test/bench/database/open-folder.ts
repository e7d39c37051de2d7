/** Opens a database folder, asks it one question, and prints how long that took and how much memory it needs. */
import { createClock } from '../../../emulator/core/clock.ts'
import { createIds } from '../../../emulator/core/ids.ts'
import { createLog } from '../../../emulator/core/log.ts'
import { createDatabase } from '../../../emulator/database/index.ts'

const [dir] = process.argv.slice(2)
const startMs = performance.now()
const clock = createClock('real', Date.now())
const database = createDatabase({ dir, clock, ids: createIds(), log: createLog(clock.nowMs) })
const [first] = database.collections()
const openMs = performance.now() - startMs
if (first) {
  const body = { collectionName: first.name, query: '{"owner":"owner7"}' }
  await database.handle('database.getDocument', body, {})
}
const firstQueryMs = performance.now() - startMs - openMs
console.log(JSON.stringify({ openMs, firstQueryMs, residentMb: process.memoryUsage.rss() / 2 ** 20 }))
await database.stop()
