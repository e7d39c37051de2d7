import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createWordMatcher } from './word-matcher.ts'

const matcher = (...words: string[]) => createWordMatcher(words.map((word) => [word, word]))

describe('a word matcher', () => {
  it.each([
    ['赌博', '来赌博吧'],
    ['赌博', '来 赌.博 吧'],
    ['Casino', 'the ＣＡＳＩＮＯ is open'],
    ['casino', 'c\u200ba\u200bs-i_n*o'],
  ])('finds %s in %s', (word, text) => {
    expect(matcher(word).findIn(text)).toEqual([word])
  })

  it('finds words inside words, each once', () => {
    expect(matcher('he', 'she', 'hers').findIn('ushers, he said')).toEqual(['she', 'he', 'hers'])
  })

  it('finds nothing for words without letters, and without words', () => {
    expect(matcher('...', '').findIn('... anything')).toEqual([])
    expect(matcher().findIn('anything')).toEqual([])
  })

  it('finds exactly what looking for each word finds', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 4 })
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 40 })
    fc.assert(
      fc.property(fc.uniqueArray(word, { maxLength: 12 }), text, (words, content) => {
        const expected = words.filter((each) => content.includes(each)).sort()
        expect(
          matcher(...words)
            .findIn(content)
            .sort(),
        ).toEqual(expected)
      }),
    )
  })
})
