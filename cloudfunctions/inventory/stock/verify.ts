import * as z from 'zod'
import { type Context, command, defineRoute } from '../../_kernel/index.ts'
import { fold } from '../hot/log.ts'
import { hotStocks } from '../hot/model.ts'
import { skuIdInput } from './input.ts'
import { type Delta, emptyStock, movementKind, movements, stocks } from './model.ts'

const sums = z.object({ onHand: z.number(), reserved: z.number(), sold: z.number() })
const sumsOfKind = sums.extend({ _id: movementKind })
type SumsOfKind = z.output<typeof sumsOfKind>

export const verify = defineRoute({
  summary: 'Recomputes a SKU from its ledger and its hot stocks, and tells how far the stock is off',
  input: z.object({ skuId: skuIdInput }),
  access: 'inventory:read',

  async handle({ skuId }, ctx) {
    const byKind = await ledgerByKind(ctx, skuId)
    const hotHolds = await unitsInHotStocks(ctx, skuId)
    // Last, because movements of the meantime show up as drift: a quiet SKU verifies exactly.
    const { onHand, reserved, sold } = (await ctx.db.find(stocks, skuId)) ?? emptyStock(skuId)

    const ledger = addUp(byKind)
    const drift = {
      onHand: onHand - ledger.onHand,
      reserved: reserved - ledger.reserved,
      sold: sold - ledger.sold,
    }
    const hotLedger = addUp(byKind.filter(({ _id }) => _id.startsWith('hot-'))).reserved
    return {
      skuId,
      stock: { onHand, reserved, sold },
      ledger,
      drift,
      /** Units set aside for flash sales: by the ledger, and as the hot stocks themselves have them. */
      hot: { ledger: hotLedger, holds: hotHolds, drift: hotHolds - hotLedger },
      isSound: Object.values(drift).every((units) => units === 0) && hotHolds === hotLedger,
    }
  },
})

async function ledgerByKind(ctx: Context, skuId: string): Promise<SumsOfKind[]> {
  const rows = await ctx.db.aggregate(movements, {
    match: { skuId },
    group: {
      _id: '$kind',
      onHand: { $sum: '$onHand' },
      reserved: { $sum: '$reserved' },
      sold: { $sum: '$sold' },
    },
    limit: movementKind.options.length,
  })
  return rows.map((row) => sumsOfKind.parse(row))
}

function addUp(rows: Delta[]): Delta {
  return rows.reduce(
    (total, row) => ({
      onHand: total.onHand + row.onHand,
      reserved: total.reserved + row.reserved,
      sold: total.sold + row.sold,
    }),
    { onHand: 0, reserved: 0, sold: 0 },
  )
}

/** Free or held there: what was sold or returned has left them. A settled hot stock holds nothing. */
async function unitsInHotStocks(ctx: Context, skuId: string): Promise<number> {
  const active = await ctx.db.query(hotStocks, {
    where: { skuId, state: command.in(['open', 'closed']) },
    // A sale may have as many as `MAX_SHARDS` documents, and a SKU several sales.
    limit: 1000,
  })
  let units = 0
  for (const stock of active) {
    const { left, reservations } = fold(stock)
    units += left - stock.returned
    for (const { status, units: held } of reservations.values()) if (status === 'held') units += held
  }
  return units
}
