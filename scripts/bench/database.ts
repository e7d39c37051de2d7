import { parseArgs } from 'node:util'
import { benchDatabase, type Report } from '../../test/bench/database/index.ts'
import { positiveCount } from './positive-count.ts'

const usage = `npm run bench -- database [--documents N] [--few N] [--runs N] [--json]
  --documents N  documents of the large collection (default 1000000)
  --few N        documents of the small one (default 10000)
  --runs N       times that each query runs on either, in turns (default 300)
  --json         print the figures as JSON`

/** The database from the command line. Nothing in it can break: it only measures. */
export async function runDatabase(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      documents: { type: 'string', default: '1000000' },
      few: { type: 'string', default: '10000' },
      runs: { type: 'string', default: '300' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    console.log(usage)
    return 0
  }
  const report = await benchDatabase({
    many: positiveCount('documents', values.documents),
    few: positiveCount('few', values.few),
    runs: positiveCount('runs', values.runs),
    onProgress: (text) => console.error(text),
  })
  console.log(values.json ? JSON.stringify(report) : describe(report))
  return 0
}

function describe({ options, probes, contention, load, opening }: Report): string {
  const [few, many] = [options.few, options.many].map((count) => count.toLocaleString('en'))
  const width = Math.max(...probes.map(({ title }) => title.length))
  return [
    `${''.padEnd(width)}  ${String(few).padStart(12)}  ${String(many).padStart(12)}  ratio   (median, µs)`,
    ...probes.map(
      ({ title, fewUs, manyUs, ratio }) =>
        `${title.padEnd(width)}  ${fewUs.toFixed(0).padStart(12)}  ${manyUs.toFixed(0).padStart(12)}  ${ratio.toFixed(2)}`,
    ),
    ...contention.map(
      ({ transactions, attempts, togetherMs, inSequenceMs }) =>
        `${transactions} transactions on one document: ${togetherMs.toFixed(0)} ms at the same time (${attempts} attempts), ${inSequenceMs.toFixed(0)} ms one after the other`,
    ),
    `loading     ${load.documentsPerSecond.toFixed(0)} documents/s with ${load.indexes} indexes, ${load.megabytes.toFixed(0)} MB on disk`,
    `opening     ${opening.openMs.toFixed(0)} ms, first query ${opening.firstQueryMs.toFixed(1)} ms, after it ${opening.residentMb.toFixed(0)} MB resident (${opening.emptyResidentMb.toFixed(0)} MB with an empty folder)`,
  ].join('\n')
}
