/** `urllink.*` and `urlscheme.*`: addresses that open the mini program from a message, a mail or a web page. */
import * as z from 'zod'
import { type OpenApi, type OpenApiContext, OpenApiError } from './api.ts'
import type { Link } from './links.ts'

const DAY_SECONDS = 24 * 3600
const LONGEST_DAYS = 30
const SHORTEST_SECONDS = 60
const QUERY = /^[0-9A-Za-z!#$&'()*+,/:;=?@\-._~%]{0,1024}$/

/** `urllink.generate` */
export const urllinkGenerate: OpenApi = async ({ arguments: given }, ctx) => {
  const { address } = await ctx.links.make('link', { ...targetOf(given, ctx), ...expiryOf(given, ctx) })
  return { url_link: address }
}

/** `urlscheme.generate`: the target stands in `jump_wxa`. */
export const urlschemeGenerate: OpenApi = async ({ arguments: given }, ctx) => {
  const jump = z.record(z.string(), z.unknown()).safeParse(given.jump_wxa ?? {})
  if (!jump.success) throw new OpenApiError(47001, 'data format error')
  const target = { ...targetOf(jump.data, ctx), ...expiryOf(given, ctx) }
  const { address } = await ctx.links.make('scheme', target)
  return { openlink: address }
}

/** `urllink.query` */
export const urllinkQuery: OpenApi = async ({ arguments: given }, ctx) => ({
  url_link_info: infoOf(findLink(given.url_link, ctx), ctx),
  quota_info: { remain_visit_quota: 3_000_000 },
})

/** `urlscheme.query` */
export const urlschemeQuery: OpenApi = async ({ arguments: given }, ctx) => ({
  scheme_info: infoOf(findLink(given.scheme, ctx), ctx),
  quota_info: { remain_visit_quota: 3_000_000 },
})

function findLink(address: unknown, ctx: OpenApiContext): Link {
  const link = typeof address === 'string' ? ctx.links.find(address) : undefined
  if (!link) throw new OpenApiError(40097, 'invalid args')
  return link
}

function infoOf(link: Link, ctx: OpenApiContext): Record<string, unknown> {
  return {
    appid: ctx.appid,
    path: link.path,
    query: link.query,
    create_time: link.createdAtSeconds,
    expire_time: link.expiresAtSeconds,
    env_version: link.envVersion,
  }
}

function targetOf(given: Record<string, unknown>, ctx: OpenApiContext) {
  const { path = '', query = '', env_version: envVersion = 'release' } = given
  if (typeof path !== 'string' || path.includes('?') || !isPage(path, ctx))
    throw new OpenApiError(40165, 'invalid weapp pagepath')
  if (typeof query !== 'string' || !QUERY.test(query)) throw new OpenApiError(40212, 'invalid query')
  if (envVersion !== 'release' && envVersion !== 'trial' && envVersion !== 'develop')
    throw new OpenApiError(85402, 'invalid env_version')
  return { path, query, envVersion }
}

/** Here a leading slash does no harm, as in the samples of the manual. */
function isPage(path: string, ctx: OpenApiContext): boolean {
  const pages = ctx.pages()
  return path === '' || !pages || pages.includes(path.replace(/^\//, ''))
}

/** By time or by days. Without an end a link lives for thirty days, as the platform has it since 2022. */
function expiryOf(given: Record<string, unknown>, ctx: OpenApiContext): { expiresAtSeconds: number } {
  const nowSeconds = Math.floor(ctx.clock.nowMs() / 1000)
  const { expire_type: type = 0, expire_time: time, expire_interval: days } = given
  if (type === 1) {
    if (typeof days !== 'number' || !Number.isInteger(days) || days < 1 || days > LONGEST_DAYS)
      throw new OpenApiError(85401, 'invalid expire_interval')
    return { expiresAtSeconds: nowSeconds + days * DAY_SECONDS }
  }
  if (type !== 0) throw new OpenApiError(85401, 'invalid expire_type')
  if (time === undefined) return { expiresAtSeconds: nowSeconds + LONGEST_DAYS * DAY_SECONDS }
  const aheadSeconds = typeof time === 'number' ? time - nowSeconds : Number.NaN
  if (!(aheadSeconds >= SHORTEST_SECONDS && aheadSeconds <= LONGEST_DAYS * DAY_SECONDS))
    throw new OpenApiError(85401, 'invalid expire_time')
  return { expiresAtSeconds: nowSeconds + aheadSeconds }
}
