import { target } from '../target'

/** WeChat shows cloud file ids as they are; pictures of the local cloud are asked for by address. */
export const withUrls = target.kind === 'local'

/** The `src` of a picture; empty when there is none that could be shown. */
export function pictureOf({
  coverFileId,
  coverUrl,
}: {
  coverFileId: string | null
  coverUrl?: string
}): string {
  if (coverUrl !== undefined) return coverUrl
  return target.kind === 'cloudbase' ? (coverFileId ?? '') : ''
}
