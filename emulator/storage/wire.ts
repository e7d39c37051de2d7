/** The bodies of `storage.*` as the SDK sends them (node-sdk `storage/index.ts`). */
import * as z from 'zod'
import { WireError } from '../core/errors.ts'

/** getTempFileURL and deleteFile take at most this many files per call. */
const MOST_FILES = 50

const copy = z.object({
  src_path: z.string(),
  dst_path: z.string(),
  overwrite: z.boolean().default(true),
  remove_original: z.boolean().default(false),
})
export type Copy = z.output<typeof copy>

const authority = z.enum(['READ', 'WRITE', 'READWRITE'])
export type Authority = z.output<typeof authority>

const bodies = {
  getUploadMetadata: z.object({ path: z.unknown() }),
  batchGetDownloadUrl: z.object({
    file_list: z
      .array(
        z.object({
          fileid: z.string(),
          max_age: z
            .number()
            .positive()
            .max(86_400 * 365)
            .optional(),
        }),
      )
      .max(MOST_FILES),
  }),
  batchDeleteFile: z.object({ fileid_list: z.array(z.string()).max(MOST_FILES) }),
  batchCopyFile: z.object({ file_list: z.array(copy).min(1).max(MOST_FILES) }),
  getFileAuthority: z.object({
    openId: z.string().optional(),
    fileList: z.array(z.object({ path: z.string(), type: authority })).max(MOST_FILES),
  }),
}

export function parseBody<Name extends keyof typeof bodies>(
  name: Name,
  body: Record<string, unknown>,
): z.output<(typeof bodies)[Name]> {
  const parsed = bodies[name].safeParse(body)
  if (parsed.success) return parsed.data as z.output<(typeof bodies)[Name]> // the schema of this very name
  const issue = parsed.error.issues[0]
  throw new WireError('INVALID_PARAM', `${issue?.path.join('.') ?? name}: ${issue?.message ?? 'invalid'}`)
}
