import type { State } from '../../core/state.ts'

/** What the content check says about a text that contains `word`. */
export interface RiskyWord {
  word: string
  suggest: 'review' | 'risky'
  /** 10001 advertising, 20001 politics, 20002 pornography, 20003 abuse, 20006 crime, 20008 fraud, 20012 vulgar, 20013 copyright, 21000 other. */
  label: number
}

export interface RiskyWords {
  list(): RiskyWord[]
  /** Replaces the whole table. */
  set(words: RiskyWord[]): Promise<void>
  /** All words that `content` contains, case ignored. */
  findIn(content: string): RiskyWord[]
}

/** Enough to see each answer without configuring anything. */
const DEFAULT_WORDS: RiskyWord[] = [
  { word: '测试违规', suggest: 'risky', label: 21000 },
  { word: '测试复核', suggest: 'review', label: 21000 },
  { word: '加微信领红包', suggest: 'review', label: 10001 },
  { word: '代开发票', suggest: 'risky', label: 20008 },
  { word: '赌博', suggest: 'risky', label: 20006 },
  { word: '色情', suggest: 'risky', label: 20002 },
]

export function createRiskyWords(deps: { state: State }): RiskyWords {
  const table = deps.state.table<RiskyWord[]>('wechat.words')
  const list = () => table.get('words') ?? DEFAULT_WORDS
  return {
    list,
    set: (words) => table.put('words', words),
    findIn(content) {
      const text = content.toLowerCase()
      return list().filter(({ word }) => word !== '' && text.includes(word.toLowerCase()))
    },
  }
}
