import * as z from 'zod'
import { type Context, callOutside, defineCache } from '../../_kernel/index.ts'
import type { Product } from './model.ts'

/** Addresses of private files live for two hours by default; half of that is always safe. */
const urlCache = defineCache<string>({ name: 'cover-urls', ttlMs: 3_600_000, max: 2_000 })

/** The platform's limit per call. */
const FILES_PER_CALL = 50

/** Mini programs show a cloud file id as it is; a web page needs its address and asks for it with this. */
export const withUrls = z.boolean().default(false)

/** Addresses of the products' covers by file id; covers without one are missing, and the page is shown all the same. */
export async function coverUrls(
  ctx: Context,
  products: readonly Product[],
): Promise<ReadonlyMap<string, string>> {
  const fileIds = [...new Set(products.flatMap(({ coverFileId }) => coverFileId ?? []))]
  const calls = new Map<number, Promise<Map<string, string>>>()
  const load = (batch: number) => {
    const files = fileIds.slice(batch * FILES_PER_CALL, (batch + 1) * FILES_PER_CALL)
    const underWay = calls.get(batch) ?? callOutside('storage', () => fetchUrls(ctx, files))
    calls.set(batch, underWay)
    return underWay
  }
  const urls = new Map<string, string>()
  for (const [at, fileId] of fileIds.entries()) {
    try {
      const url = await urlCache.get(ctx, fileId, async () => {
        const fetched = (await load(Math.floor(at / FILES_PER_CALL))).get(fileId)
        if (fetched === undefined) throw new Error(`no address for ${fileId}`)
        return fetched
      })
      urls.set(fileId, url)
    } catch (cause) {
      ctx.log.warn({ cause, fileId }, 'cover without address')
    }
  }
  return urls
}

async function fetchUrls(ctx: Context, fileIds: string[]): Promise<Map<string, string>> {
  const { fileList } = await ctx.cloud.getTempFileURL({ fileList: fileIds })
  return new Map(
    fileList.filter(({ status }) => status === 0).map(({ fileID, tempFileURL }) => [fileID, tempFileURL]),
  )
}
