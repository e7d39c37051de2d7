/**
 * Exchanges pieces of text that must occur exactly so many times: a release of the SDK that says it otherwise stops
 * the build instead of passing unpatched.
 */
export function exchange(
  ...rules: { find: RegExp; by: string; times: number }[]
): (source: string) => string {
  return (source) =>
    rules.reduce((text, { find, by, times }) => {
      const found = text.match(find)?.length ?? 0
      if (found !== times) throw new Error(`expected ${find} ${times} times, found it ${found} times`)
      return text.replaceAll(find, by)
    }, source)
}

/** Puts another text in the place of a whole file. */
export function whole(text: string): (source: string) => string {
  return () => text
}

/** Takes the helpers of TypeScript from one place instead of from each file. */
export function withSharedHelpers(source: string): string {
  const own = [...source.matchAll(HELPER)].map(([, name]) => name ?? '')
  const shared = SHARED_HELPERS.filter((name) => own.includes(name))
  if (shared.length === 0) return source
  return `const { ${shared.join(', ')} } = require('sdk-stub:typescript-helpers');\n${source.replaceAll(HELPER, '')}`
}

const SHARED_HELPERS = ['__importDefault', '__importStar', '__rest']

/** A helper as TypeScript writes it, from `var` to the end of its statement in the first column. */
const HELPER =
  /^var (__(?:createBinding|setModuleDefault|importStar|importDefault|rest)) = \(this && this\.\1\)[\s\S]*?^\}\)?\)?;$/gm
