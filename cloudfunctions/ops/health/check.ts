import * as z from 'zod'
import { type Context, callOutside, command, defineRoute, metricHours } from '../../_kernel/index.ts'
import { alarmFailedPercent } from '../definitions.ts'
import { anyRows } from '../rows.ts'

const PROBE_MS = 3_000
const PROBE_PATH = 'ops/health.txt'
const HOUR_MS = 3_600_000

type Outcome = { state: 'up' | 'down' | 'not-configured'; tookMs: number; why?: string }

/** ops/health: each thing that we depend on, asked now, and which functions fail. Two database requests, two others. */
export const health = defineRoute({
  summary: 'Whether database, storage and WeChat answer, and which functions fail',
  input: z.strictObject({}),
  access: 'ops:read',
  whileClosed: true,
  rateLimit: { limit: 10, perMs: 10_000 },

  async handle(_input, ctx) {
    const [database, storage, wechat] = await Promise.all([
      probe(ctx, 'database', async () => void (await ctx.db.find(anyRows('ban_lists'), 'all'))),
      probe(ctx, 'storage', () => touchStorage(ctx)),
      ctx.settings.SUB_MCH_ID === ''
        ? { state: 'not-configured' as const, tookMs: 0 }
        : probe(ctx, 'wechat', () => askWechat(ctx)),
    ])
    const failing = database.state === 'up' ? await failingFunctions(ctx) : []
    const isDown = [database, storage, wechat].some(({ state }) => state === 'down')
    const state = isDown ? 'down' : failing.length > 0 ? 'failing' : 'up'
    return { state, dependencies: { database, storage, wechat }, failing, atMs: ctx.clock.nowMs() }
  },
})

async function probe(ctx: Context, name: string, ask: () => Promise<void>): Promise<Outcome> {
  const startedAtMs = Date.now()
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), PROBE_MS)
  })
  try {
    await Promise.race([ask(), late])
    return { state: 'up', tookMs: Date.now() - startedAtMs }
  } catch (cause) {
    ctx.log.error({ cause, dependency: name }, 'a dependency is down')
    const why = (cause instanceof Error ? cause.message : String(cause)).slice(0, 200)
    return { state: 'down', tookMs: Date.now() - startedAtMs, why }
  } finally {
    clearTimeout(timer)
  }
}

/** Always the same small file, so that asking leaves nothing behind. */
async function touchStorage(ctx: Context): Promise<void> {
  await ctx.cloud.uploadFile({ cloudPath: PROBE_PATH, fileContent: Buffer.from('up') })
}

/** Any answer will do; that there is no such order is one. */
async function askWechat(ctx: Context): Promise<void> {
  const query = { subMchId: ctx.settings.SUB_MCH_ID, outTradeNo: 'health-probe' }
  await callOutside('cloudPay', async () => ctx.cloud.cloudPay.queryOrder?.(query))
}

async function failingFunctions(ctx: Context) {
  const alarmAt = await ctx.setting(alarmFailedPercent)
  const hourMs = Math.floor(ctx.clock.nowMs() / HOUR_MS) * HOUR_MS
  const hours = await ctx.db.query(metricHours, { where: { hourMs: command.gte(hourMs) }, limit: 100 })
  return hours.flatMap(({ function: name, routes }) => {
    const tallies = Object.values(routes)
    const calls = tallies.reduce((sum, tally) => sum + tally.calls, 0)
    const failed = tallies.reduce((sum, tally) => sum + tally.failed, 0)
    const percent = calls === 0 ? 0 : (failed / calls) * 100
    return failed > 0 && percent >= alarmAt ? [{ function: name, calls, failed }] : []
  })
}
