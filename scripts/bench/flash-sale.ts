import { parseArgs } from 'node:util'
import { benchFlashSale, type Report } from '../../test/bench/flash-sale/index.ts'
import { buildAll } from '../build/build-all.ts'
import { repoDir } from '../build/repo-dir.ts'
import { positiveCount } from './positive-count.ts'

const usage = `npm run bench -- flashsale [--stock N] [--buyers N] [--concurrency N] [--crash] [--kill] [--json]
  --stock N        units on sale (default 200)
  --buyers N       users who want one each (default 2000)
  --concurrency N  calls at the same time (default 200)
  --crash          function instances crash, replies get lost and database calls fail at random moments
  --kill           kill -9 of the whole local cloud half way, and a restart on the same data
  --json           print the figures as JSON`

/** The flash sale from the command line; the exit code says whether all that must hold did. */
export async function runFlashSale(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      stock: { type: 'string', default: '200' },
      buyers: { type: 'string', default: '2000' },
      concurrency: { type: 'string', default: '200' },
      crash: { type: 'boolean', default: false },
      kill: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    console.log(usage)
    return 0
  }
  const counts = {
    stock: positiveCount('stock', values.stock),
    buyers: positiveCount('buyers', values.buyers),
    concurrency: positiveCount('concurrency', values.concurrency),
  }
  await buildAll(repoDir)
  const report = await benchFlashSale({ ...counts, crash: values.crash, kill: values.kill })
  console.log(values.json ? JSON.stringify(report) : describe(report))
  return report.broken.length > 0 ? 1 : 0
}

function describe({ options, databaseCalls, ...report }: Report): string {
  const { success, refusal } = databaseCalls
  const refused = Object.entries(report.refused).map(([error, times]) => `${times} ${error}`)
  return [
    `flash sale: ${options.stock} units, ${options.buyers} buyers, ${options.concurrency} at a time`,
    `  won         ${report.sold}`,
    `  refused     ${refused.join(', ')}`,
    `  undecided   ${report.repeats} tries repeated, ${report.walkedAway} buyers walked away`,
    `  throughput  ${report.requestsPerSecond} decided requests per second`,
    `  latency     p50 ${report.p50Ms} ms, p99 ${report.p99Ms} ms`,
    `  database    ${success.mean} calls per success (most ${success.max}, of ${success.calls} calls)`,
    `              ${refusal.mean} calls per refusal (most ${refusal.max}, of ${refusal.calls} calls)`,
    ...(report.broken.length > 0
      ? report.broken.map((what) => `BROKEN: ${what}`)
      : ['  holds       nothing oversold, nobody twice, ledger = stock, no unit lost, budgets kept']),
  ].join('\n')
}
