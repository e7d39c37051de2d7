export interface Import {
  specifier: string
  /** `import type` or `export type`: gone when the file is compiled. */
  typeOnly: boolean
  line: number
}

/** The imports and re-exports of a source file. Reads text: whole statements at the beginning of a line, and `import()`. */
export function importsOf(source: string): Import[] {
  const statements = source.matchAll(/^(?:import|export)\b([^'";]*?\bfrom\s*)?['"]([^'"\n]+)['"]/gm)
  const calls = source.matchAll(/\bimport\(()['"]([^'"\n]+)['"]\)/g)
  return [...statements, ...calls].map((match) => ({
    specifier: match[2] ?? '',
    typeOnly: isTypeOnly(match[1] ?? ''),
    line: source.slice(0, match.index).split('\n').length,
  }))
}

/** `import type { .. }`, or every name in the braces marked with `type`. */
function isTypeOnly(clause: string): boolean {
  if (/^\s*type\b/.test(clause)) return true
  const names = /^\s*\{([^}]*)\}\s*from\s*$/.exec(clause)?.[1]
  if (names === undefined) return false
  const listed = names
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  return listed.length > 0 && listed.every((name) => name.startsWith('type '))
}
