/** The storage actions that clients have, file by file under the storage rule. */
import * as z from 'zod'
import { notEmulated, WireError } from '../core/errors.ts'
import type { Client } from '../core/identity.ts'

/** A file as rules see it. */
export interface RuledFile {
  path: string
  /** Who uploaded it. */
  openid?: string
}

export interface StorageDeps {
  rules: {
    readFile(file: RuledFile, client: Client): Promise<void>
    /** @param existing the file as it is now; undefined when the client would make it */
    writeFile(path: string, existing: RuledFile | undefined, client: Client): Promise<void>
  }
  storage: {
    handle(
      action: string,
      body: Record<string, unknown>,
      caller: { openid?: string; isClient: true },
    ): Promise<Record<string, unknown>>
    findFile(fileId: string): { cloudPath: string; openid?: string } | undefined
  }
}

/** Of getTempFileURL and deleteFile, per call. */
const MOST_FILES = 50

const uploadGrant = z.object({ data: z.object({ fileId: z.string() }) })
const downloads = z.object({ file_list: z.array(z.looseObject({ fileid: z.string() })).max(MOST_FILES) })
const deletions = z.object({ fileid_list: z.array(z.string()).max(MOST_FILES) })

type StorageAction = (body: Record<string, unknown>, client: Client) => Promise<Record<string, unknown>>

/** Gives the action of this name; throws WireError for what clients have not. */
export function storageActions({ rules, storage }: StorageDeps): (action: string) => StorageAction {
  const actions: Record<string, StorageAction> = {
    'storage.getUploadMetadata': ({ path }, client) => grantUpload(path, client),

    'storage.batchGetDownloadUrl'(body, client) {
      const wanted = parse(downloads, body).file_list
      return answerEach(
        { action: 'storage.batchGetDownloadUrl', field: 'file_list', list: 'download_list' },
        wanted.map((item) => ({ fileId: item.fileid, item })),
        (file) => rules.readFile(file, client),
        client,
      )
    },

    'storage.batchDeleteFile'(body, client) {
      const wanted = parse(deletions, body).fileid_list
      return answerEach(
        { action: 'storage.batchDeleteFile', field: 'fileid_list', list: 'delete_list' },
        wanted.map((fileId) => ({ fileId, item: fileId })),
        (file) => rules.writeFile(file.path, file, client),
        client,
      )
    },
  }
  return (action) => {
    const run = Object.hasOwn(actions, action) ? actions[action] : undefined
    if (!run) throw notEmulated(`${action} for clients`)
    return run
  }

  /** The grant is made first, because it checks the path and names the file; it is given only to who may write. */
  async function grantUpload(path: unknown, client: Client): Promise<Record<string, unknown>> {
    const grant = await storage.handle('storage.getUploadMetadata', { path }, callerOf(client))
    const existing = storage.findFile(uploadGrant.parse(grant).data.fileId)
    await rules.writeFile(String(path), existing && ruled(existing), client)
    return grant
  }

  /** Refused files are answered one by one, as missing ones are; the others go on as one request. */
  async function answerEach(
    { action, field, list }: { action: string; field: string; list: string },
    wanted: { fileId: string; item: unknown }[],
    ask: (file: RuledFile) => Promise<void>,
    client: Client,
  ): Promise<Record<string, unknown>> {
    const isRefused = await Promise.all(
      wanted.map(async ({ fileId }) => {
        const file = storage.findFile(fileId)
        return file !== undefined && !(await isAllowed(() => ask(ruled(file))))
      }),
    )
    const allowed = wanted.filter((_, i) => !isRefused[i]).map(({ item }) => item)
    const reply = await storage.handle(action, { [field]: allowed }, callerOf(client))
    const answers =
      z.object({ data: z.record(z.string(), z.array(z.unknown())) }).parse(reply).data[list] ?? []
    const answered = answers.values()
    const merged = wanted.map(({ fileId }, i) =>
      isRefused[i]
        ? { fileID: fileId, code: 'STORAGE_EXCEED_AUTHORITY', tempFileURL: '' }
        : answered.next().value,
    )
    return { data: { [list]: merged } }
  }
}

/** Whether files need no signed link: then everybody may read all of them, logged in or not. */
export function isReadByAll(
  rule: { permission: string; rule?: Record<string, unknown> } | undefined,
): boolean {
  // Without a rule, the platform's default: all read, the creator writes.
  if (!rule) return true
  if (rule.permission === 'CUSTOM') return rule.rule?.read === true
  return rule.permission === 'READONLY' || rule.permission === 'ADMINWRITE'
}

/** `openid` becomes `resource.openid` of what this client uploads; a web login has its uid in that place. */
function callerOf({ openid, uid }: Client): { openid?: string; isClient: true } {
  return { openid: openid ?? uid, isClient: true }
}

function ruled({ cloudPath, openid }: { cloudPath: string; openid?: string }): RuledFile {
  return { path: cloudPath, openid }
}

async function isAllowed(ask: () => Promise<void>): Promise<boolean> {
  try {
    await ask()
    return true
  } catch (error) {
    if (error instanceof WireError) return false
    throw error
  }
}

function parse<T extends z.ZodType>(schema: T, body: Record<string, unknown>): z.output<T> {
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new WireError('INVALID_PARAM', `${issue?.path.join('.') ?? 'body'}: ${issue?.message ?? 'invalid'}`)
}
