import * as z from 'zod'
import { command, defineRoute } from '../../_kernel/index.ts'
import { placeInput, toPlace } from '../content/fields.ts'
import { posts } from '../post/store.ts'
import { ownTieIds, toCard } from '../post/view.ts'
import { findTies } from '../tie/store.ts'
import { viewerOf } from '../viewer.ts'

const NEARBY_MAX = 50

/**
 * community/nearby: visible posts around a point, nearest first, by the geographic index. One list without pages, since
 * distance gives no cursor that stays. Two database requests.
 */
export const nearby = defineRoute({
  summary: 'Posts around a place',
  input: placeInput.omit({ name: true }).extend({
    withinM: z.number().min(1).max(50_000).default(5_000),
    limit: z.int().min(1).max(NEARBY_MAX).default(20),
  }),
  access: 'public',
  rateLimit: { limit: 60, perMs: 60_000 },

  async handle({ longitude, latitude, withinM, limit }, ctx) {
    const { point } = toPlace({ name: '', longitude, latitude })
    const near = command.geoNear({
      geometry: { toJSON: () => point },
      minDistance: 0,
      maxDistance: withinM,
    })
    const found = await ctx.db.query(posts, { where: { status: 'visible', 'place.point': near }, limit })
    const viewer = viewerOf(ctx)
    const own =
      viewer === undefined
        ? []
        : await findTies(
            ctx,
            found.flatMap((post) => ownTieIds(viewer, post)),
          )
    return { items: found.map((post) => toCard(post, own)) }
  },
})
