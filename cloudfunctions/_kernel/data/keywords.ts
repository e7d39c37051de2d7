/**
 * Turns text into words that an index can hold. Chinese has no spaces, so its runs become single characters and pairs of
 * neighbours: a search for three characters asks for both pairs. Latin letters and digits become lower-case words.
 */
const RUNS = /[\p{Script=Han}]+|[\p{L}\p{N}]+/gu
const HAN = /\p{Script=Han}/u
/** A boundary inside a run of letters where Chinese begins, such as `T恤` or `iPhone手机`. */
const MIXED = /(?<=\p{Script=Han})(?=[^\p{Script=Han}])|(?<=[^\p{Script=Han}])(?=\p{Script=Han})/u

const KEYWORDS_MAX = 300
const QUERY_WORDS_MAX = 12
const WORD_LENGTH_MAX = 40

/** What a text is found by. */
export function keywordsOf(...texts: string[]): string[] {
  const words = new Set<string>()
  for (const run of texts.flatMap(runsOf)) {
    if (!HAN.test(run)) {
      words.add(run.slice(0, WORD_LENGTH_MAX))
      continue
    }
    const characters = [...run]
    for (const [at, character] of characters.entries()) {
      words.add(character)
      const next = characters[at + 1]
      if (next !== undefined) words.add(character + next)
    }
  }
  return [...words].slice(0, KEYWORDS_MAX)
}

/** What a search asks for, all of it: fewer words than `keywordsOf`, because a pair says more than its characters. */
export function queryWords(text: string): string[] {
  const words = new Set<string>()
  for (const run of runsOf(text)) {
    const characters = [...run]
    if (!HAN.test(run)) words.add(run.slice(0, WORD_LENGTH_MAX))
    else if (characters.length === 1) words.add(run)
    else
      for (let at = 0; at + 1 < characters.length; at++) words.add(`${characters[at]}${characters[at + 1]}`)
  }
  return [...words].slice(0, QUERY_WORDS_MAX)
}

function runsOf(text: string): string[] {
  const plain = text.normalize('NFKC').toLowerCase()
  return (plain.match(RUNS) ?? []).flatMap((run) => run.split(MIXED))
}
