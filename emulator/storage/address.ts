/** Addresses of files: `<base>/storage/<bucket>/<path>`. */
const PREFIX = '/storage/'

/** For an upload; used by the SDK as it is. */
export function uploadUrl(baseUrl: string, bucket: string, cloudPath: string): string {
  return `${baseUrl}${PREFIX}${bucket}/${cloudPath.split('/').map(encodeURIComponent).join('/')}`
}

/**
 * For a download. The SDK puts it through `encodeURI` (node-sdk `storage/index.ts`), so it is left as it is, except
 * for what would end the path; that is encoded twice then, and `findAddress` decodes twice.
 */
export function downloadUrl(baseUrl: string, bucket: string, cloudPath: string, query: string): string {
  const path = cloudPath.replaceAll('?', '%3F')
  return `${baseUrl}${PREFIX}${bucket}/${path}${query === '' ? '' : `?${query}`}`
}

/** Bucket and path of an address, or undefined when it is none of ours. */
export function findAddress(pathname: string): { bucket: string; cloudPath: string } | undefined {
  if (!pathname.startsWith(PREFIX)) return undefined
  const [bucket = '', ...segments] = pathname.slice(PREFIX.length).split('/')
  const once = decode(segments.join('/'))
  // A path never contains %, so what still looks encoded was encoded twice.
  return { bucket, cloudPath: once === undefined ? '' : (decode(once) ?? '') }
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
