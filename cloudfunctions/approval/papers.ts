/**
 * Files of a form: they stay as long as the approval, and whoever may see it may open them. `media` is loaded with the
 * first form that has some.
 */
import type { Context, Tx } from '../_kernel/index.ts'
import type { Form } from './definition/form.ts'
import type { Content } from './definition/model.ts'
import type { Instance } from './machine/state.ts'

/** What `mediaUrls` takes at once. */
const URLS_AT_ONCE = 50

/**
 * In the transaction that sends a form in: only the initiator's own files, uploaded for this. Those of an earlier form
 * stay too, as part of the history. A sub-flow's are its outer flow's.
 */
export async function keepPapers(tx: Tx, content: Content, { _id, _openid, form }: Instance): Promise<void> {
  const fileIds = papersIn(content, form)
  if (fileIds.length === 0) return
  const { attachMedia } = await import('../media/public.ts')
  await attachMedia(tx, { fileIds, subject: subjectOf(_id), ownerId: _openid, policy: 'attachment' })
}

/** With the forms that there ever were, when the person who sent them in is erased. */
export async function dropPapers(
  tx: Tx,
  content: Content,
  instanceId: string,
  forms: readonly Form[],
): Promise<void> {
  const fileIds = forms.flatMap((form) => papersIn(content, form))
  if (fileIds.length === 0) return
  const { detachMedia } = await import('../media/public.ts')
  await detachMedia(tx, { fileIds, subject: subjectOf(instanceId) })
}

/** Addresses for whoever may see the approval; null for a file that is gone. No request without files. */
export async function openPapers(
  ctx: Context,
  content: Content,
  form: Form,
): Promise<{ fileId: string; url: string | null }[]> {
  const fileIds = papersIn(content, form)
  if (fileIds.length === 0) return []
  const { mediaUrls } = await import('../media/public.ts')
  const opened: { fileId: string; url: string | null }[] = []
  for (let from = 0; from < fileIds.length; from += URLS_AT_ONCE) {
    const some = fileIds.slice(from, from + URLS_AT_ONCE)
    const urls = await mediaUrls(ctx, some)
    opened.push(...some.map((fileId) => ({ fileId, url: urls.get(fileId) ?? null })))
  }
  return opened
}

function papersIn({ fields }: Content, form: Form): string[] {
  const names = fields.filter(({ kind }) => kind === 'files').map(({ name }) => name)
  return [...new Set(names.flatMap((name) => form[name] ?? []).map(String))]
}

function subjectOf(instanceId: string): string {
  return `approval/${instanceId}`
}
