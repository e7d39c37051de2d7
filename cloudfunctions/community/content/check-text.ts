import * as z from 'zod'
import { type Context, callOutside, refuse } from '../../_kernel/index.ts'
import { findSensitiveWords } from './words.ts'

/** What is known of a text that may be kept. `unavailable`: nobody judged it, so it waits, it never shows. */
export interface TextVerdict {
  state: 'pass' | 'review' | 'unavailable'
  /** WeChat's number for the kind of trouble; 100 is none. */
  label: number | null
  words: { word: string; category: string }[]
}

/** Where the text stands, in WeChat's words (security.msgSecCheck, `scene`). */
export const scenes = { comment: 2, post: 3 } as const

const answerSchema = z.object({
  result: z.object({ suggest: z.enum(['pass', 'review', 'risky']), label: z.number() }),
})

/** Judges a text by the own list and by WeChat. Refuses CONTENT_REFUSED when either says no. */
export async function checkText(
  ctx: Context,
  { content, scene, openid }: { content: string; scene: keyof typeof scenes; openid: string },
): Promise<TextVerdict> {
  if (content.trim() === '') return { state: 'pass', label: null, words: [] }
  const words = await findSensitiveWords(ctx, content)
  const refused = words.filter(({ action }) => action === 'refuse')
  if (refused.length > 0) {
    refuse('CONTENT_REFUSED', { categories: [...new Set(refused.map(({ category }) => category))] })
  }
  const judged = await askWechat(ctx, { content, version: 2, scene: scenes[scene], openid })
  if (judged.suggest === 'risky') refuse('CONTENT_REFUSED', { label: judged.label })
  const state = judged.suggest === 'pass' && words.length > 0 ? ('review' as const) : judged.suggest
  return { state, label: judged.label, words: words.map(({ word, category }) => ({ word, category })) }
}

async function askWechat(
  ctx: Context,
  request: { content: string; version: 2; scene: number; openid: string },
): Promise<{ suggest: 'pass' | 'review' | 'risky' | 'unavailable'; label: number | null }> {
  const check = ctx.cloud.openapi.security?.msgSecCheck
  if (!check) throw new Error('wx-server-sdk without openapi.security.msgSecCheck')
  try {
    const answer = await callOutside('wechat.msgSecCheck', () => check(request))
    return answerSchema.parse(answer).result
  } catch (cause) {
    // Also when WeChat refuses to judge, as it does of users who were away for two hours (61010): unjudged is unjudged.
    ctx.log.warn({ cause }, 'text not judged')
    return { suggest: 'unavailable', label: null }
  }
}
