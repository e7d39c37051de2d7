/** Names of files: the path a program chooses, and the file id that the platform makes of it. */
import { WireError } from '../core/errors.ts'

const LONGEST_PATH_BYTES = 850
/** The account that owns the bucket; a made-up one. */
const ACCOUNT = '1250000000'

/** Bucket of an environment: its first two letters in hex, its id, the account. */
export function bucketOf(envId: string): string {
  return `${Buffer.from(`${envId}00`.slice(0, 2)).toString('hex')}-${envId}-${ACCOUNT}`
}

export function fileIdOf(envId: string, cloudPath: string): string {
  return `cloud://${envId}.${bucketOf(envId)}/${cloudPath}`
}

/**
 * The path in a file id, or undefined for anything else. There is one environment here, so an id that names another one
 * (copied from a real environment into code or data) means the file of that path.
 */
export function findCloudPath(fileId: unknown): string | undefined {
  const cloudPath = typeof fileId === 'string' ? /^cloud:\/\/[^/]+\/(.+)$/s.exec(fileId)?.[1] : undefined
  return findFault(cloudPath) === undefined ? cloudPath : undefined
}

/** Refuses what the platform does not take as a path (manual page 文件名命名限制), and `.` and `..` besides. */
export function assertCloudPath(given: unknown): string {
  const fault = findFault(given)
  if (typeof given !== 'string' || fault) throw new WireError('INVALID_PARAM', `invalid cloudPath: ${fault}`)
  return given
}

function findFault(given: unknown): string | undefined {
  if (typeof given !== 'string' || given === '') return 'must be a non-empty string'
  if (given.startsWith('/')) return 'must not begin with /'
  if (given.includes('//')) return 'must not contain //'
  if (Buffer.byteLength(given) > LONGEST_PATH_BYTES) return `longer than ${LONGEST_PATH_BYTES} bytes`
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what is refused.
  if (/[\^"\\{}[\]~%#><\u0000-\u001f\u007f↑↓←→]/.test(given)) return 'contains a forbidden character'
  // No effect on where bytes are kept, but URLs with such segments are rewritten on the way.
  if (given.split('/').some((segment) => segment === '.' || segment === '..'))
    return 'must not contain . or ..'
  // Half of a surrogate pair has no bytes of its own.
  return Buffer.from(given).toString() === given ? undefined : 'is not valid text'
}
