import { describe, expect, it } from 'vitest'
import { keywordsOf, queryWords } from './keywords.ts'

describe('keywordsOf', () => {
  it('cuts Chinese into characters and pairs, and everything else into lower-case words', () => {
    expect(keywordsOf('红富士 Apple-15')).toEqual(['红', '红富', '富', '富士', '士', 'apple', '15'])
  })

  it('separates letters from the Chinese that touches them', () => {
    expect(keywordsOf('纯棉T恤')).toEqual(['纯', '纯棉', '棉', 't', '恤'])
  })

  it('takes full-width letters for what they are', () => {
    expect(keywordsOf('ＡＢＣ１')).toEqual(['abc1'])
  })
})

describe('queryWords', () => {
  it('asks for pairs where there are any', () => {
    expect(queryWords('红富士')).toEqual(['红富', '富士'])
    expect(queryWords('红')).toEqual(['红'])
    expect(queryWords('iPhone手机壳')).toEqual(['iphone', '手机', '机壳'])
  })

  it('finds nothing to ask for in punctuation', () => {
    expect(queryWords(' .*?/$ ')).toEqual([])
  })

  it('asks only for words that a product with that text has', () => {
    const text = '2026 新款 T恤 纯棉 wool-blend 大码'
    const words = new Set(keywordsOf(text))
    expect(queryWords(text).filter((word) => !words.has(word))).toEqual([])
  })
})
