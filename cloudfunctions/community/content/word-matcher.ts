/**
 * Finds any of many words in a text in one pass (Aho and Corasick, 1975). Words hide behind spaces, punctuation, wide
 * letters and capitals, so both sides are compared without them.
 */
export interface WordMatcher<T> {
  /** What was filed under each word that stands in the text, each once, in order of appearance. */
  findIn(text: string): T[]
}

interface Node<T> {
  next: Map<string, Node<T>>
  /** Where to go on when no letter fits: the longest other beginning that the text has just shown. */
  fallback: Node<T> | undefined
  found: T[]
}

export function createWordMatcher<T>(entries: Iterable<readonly [word: string, value: T]>): WordMatcher<T> {
  const root: Node<T> = { next: new Map(), fallback: undefined, found: [] }
  for (const [word, value] of entries) {
    const letters = plainLetters(word)
    if (letters.length > 0) insert(root, letters, value)
  }
  linkFallbacks(root)

  return {
    findIn(text) {
      const seen = new Set<T>()
      let node = root
      for (const letter of plainLetters(text)) {
        while (node !== root && !node.next.has(letter)) node = node.fallback ?? root
        node = node.next.get(letter) ?? root
        for (const value of node.found) seen.add(value)
      }
      return [...seen]
    },
  }
}

function insert<T>(root: Node<T>, letters: readonly string[], value: T): void {
  let node = root
  for (const letter of letters) {
    const next = node.next.get(letter) ?? { next: new Map(), fallback: undefined, found: [] }
    node.next.set(letter, next)
    node = next
  }
  node.found.push(value)
}

/** Breadth first: a fallback is shorter, so it is complete before it is needed. */
function linkFallbacks<T>(root: Node<T>): void {
  const queue = [root]
  for (let node = queue.shift(); node; node = queue.shift()) {
    for (const [letter, child] of node.next) {
      let fallback = node.fallback
      while (fallback && !fallback.next.has(letter)) fallback = fallback.fallback
      child.fallback = fallback?.next.get(letter) ?? root
      child.found.push(...child.fallback.found)
      queue.push(child)
    }
  }
}

function plainLetters(text: string): string[] {
  return [
    ...text
      .normalize('NFKC')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]/gu, ''),
  ]
}
