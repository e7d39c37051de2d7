/** The same queries on few documents and on many: with an index, size must hardly matter. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClock } from '../../../emulator/core/clock.ts'
import { createIds } from '../../../emulator/core/ids.ts'
import { createLog } from '../../../emulator/core/log.ts'
import { createDatabase, type Database } from '../../../emulator/database/index.ts'
import { type Contention, contend } from './contention.ts'
import { COLLECTION, documentOf, indexes } from './documents.ts'
import { type Probe, probes } from './probes.ts'

export interface Report {
  options: { few: number; many: number; runs: number }
  probes: { title: string; fewUs: number; manyUs: number; ratio: number }[]
  contention: Contention[]
  load: { documentsPerSecond: number; indexes: number; megabytes: number }
  /** In a process of its own; the empty folder is what Node and the code take by themselves. */
  opening: { openMs: number; firstQueryMs: number; residentMb: number; emptyResidentMb: number }
}

const DOCUMENTS_PER_INSERT = 1_000
/** Each question is asked several times, so that the median is of pages that the process has touched before. */
const QUESTIONS = 60

export async function benchDatabase(options: {
  few: number
  many: number
  runs: number
  onProgress(text: string): void
}): Promise<Report> {
  const dir = mkdtempSync(join(tmpdir(), 'bench-database-'))
  const open = (name: string) => openAt(join(dir, name))
  try {
    const few = open('few')
    const many = open('many')
    await fill(few, options.few)
    options.onProgress(`loading ${options.many.toLocaleString('en')} documents …`)
    const startMs = performance.now()
    await fill(many, options.many)
    const documentsPerSecond = options.many / ((performance.now() - startMs) / 1000)
    options.onProgress(`${probes.length} queries, ${options.runs} times on each …`)
    const measured: Report['probes'] = []
    for (const probe of probes) measured.push(await compare(probe, few, many, options))
    const contention = [await contend(few, 16), await contend(few, 64)]
    await Promise.all([few.stop(), many.stop(), open('empty').stop()])
    return {
      options: { few: options.few, many: options.many, runs: options.runs },
      probes: measured,
      contention,
      load: {
        documentsPerSecond,
        indexes: indexes.length + 1,
        megabytes: statSync(join(dir, 'many/data.mdb')).size / 2 ** 20,
      },
      opening: {
        ...openInProcess(join(dir, 'many')),
        emptyResidentMb: openInProcess(join(dir, 'empty')).residentMb,
      },
    }
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

function openAt(dir: string): Database {
  const clock = createClock('real', Date.now())
  return createDatabase({ dir, clock, ids: createIds(), log: createLog(clock.nowMs) })
}

async function fill(database: Database, count: number): Promise<void> {
  await database.createCollection(COLLECTION)
  await database.ensureIndexes(COLLECTION, indexes)
  for (let from = 0; from < count; from += DOCUMENTS_PER_INSERT) {
    const numbers = Array.from({ length: Math.min(DOCUMENTS_PER_INSERT, count - from) }, (_, i) => from + i)
    const data = numbers.map((n) => JSON.stringify(documentOf(n, count)))
    await database.handle('database.insertDocument', { collectionName: COLLECTION, data }, {})
  }
}

/** Both sizes take turns, so that whatever else the machine does meets both. */
async function compare(
  { title, request }: Probe,
  few: Database,
  many: Database,
  options: { few: number; many: number; runs: number },
): Promise<Report['probes'][number]> {
  const sides = [
    { database: few, count: options.few, timesUs: [] as number[] },
    { database: many, count: options.many, timesUs: [] as number[] },
  ]
  for (let run = 0; run < options.runs; run++) {
    for (const { database, count, timesUs } of sides) {
      const { action, body } = request(((run % QUESTIONS) * 7919) % count, count)
      const startMs = performance.now()
      await database.handle(action, { collectionName: COLLECTION, ...body }, {})
      timesUs.push((performance.now() - startMs) * 1000)
    }
  }
  const [fewUs = 0, manyUs = 0] = sides.map(({ timesUs }) => median(timesUs))
  return { title, fewUs, manyUs, ratio: manyUs / fewUs }
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

function openInProcess(dir: string): { openMs: number; firstQueryMs: number; residentMb: number } {
  const program = join(import.meta.dirname, 'open-folder.ts')
  const run = join(import.meta.dirname, '../../../scripts/run.mjs')
  // The program prints exactly this object.
  return JSON.parse(execFileSync(process.execPath, [run, program, dir], { encoding: 'utf8' })) as {
    openMs: number
    firstQueryMs: number
    residentMb: number
  }
}
