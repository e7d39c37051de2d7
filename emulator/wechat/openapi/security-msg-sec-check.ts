import { assertOpenid, type OpenApi, OpenApiError } from './api.ts'
import type { RiskyWord } from './risky-words.ts'

const LONGEST_CONTENT = 2_500
const SCENES = [1, 2, 3, 4]
const LABEL_NORMAL = 100

/** `security.msgSecCheck`: judges a text by the words that `control.words` lists. */
export const securityMsgSecCheck: OpenApi = async (call, ctx) => {
  const { content, version, scene } = call.arguments
  if (content === undefined || content === '') throw new OpenApiError(44002, 'empty content')
  if (typeof content !== 'string') throw new OpenApiError(47001, 'data format error')
  if ([...content].length > LONGEST_CONTENT) throw new OpenApiError(45002, 'content size out of limit')
  const found = ctx.words.findIn(content)

  // Without `version` this is the first version of the API, which refuses instead of judging.
  if (version === undefined || version === 1) {
    if (found.some((word) => word.suggest === 'risky')) throw new OpenApiError(87014, 'risky content')
    return {}
  }
  if (version !== 2) throw new OpenApiError(47001, 'data format error')
  if (!SCENES.includes(Number(scene))) throw new OpenApiError(40129, 'invalid scene')
  assertOpenid(call.arguments.openid)

  const worst = worstOf(found)
  const verdict = { suggest: worst?.suggest ?? 'pass', label: worst?.label ?? LABEL_NORMAL }
  return {
    result: verdict,
    detail: [
      { strategy: 'content_model', errcode: 0, ...verdict, prob: 90 },
      ...found.map(({ suggest, label, word }) => ({
        strategy: 'keyword',
        errcode: 0,
        suggest,
        label,
        level: 90,
        keyword: word,
      })),
    ],
    trace_id: ctx.ids.requestId(),
  }
}

function worstOf(found: RiskyWord[]): RiskyWord | undefined {
  return found.find((word) => word.suggest === 'risky') ?? found[0]
}
