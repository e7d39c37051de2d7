import { target } from '../target'

/** The `src` of a picture: WeChat shows cloud file ids as they are; the local cloud serves its files by address. */
export function pictureOf({ coverFileId }: { coverFileId: string | null }): string {
  if (coverFileId === null || target.kind === 'cloudbase') return coverFileId ?? ''
  // cloud://<environment>.<bucket>/<path>
  return `${target.url}/storage/${coverFileId.replace(/^cloud:\/\/[^.]*\./, '')}`
}
