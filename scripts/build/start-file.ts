/**
 * Puts what a start reads into one file, because each file costs a third of a millisecond to find, read and compile.
 * The parts keep their names: each becomes a stub that asks START_FILE for it, for parts that come later.
 */
export const START_FILE = 'start.js'

export interface CompiledFile {
  code: string
  /** Source map as JSON. */
  map: string
}

/** @param parts what a start reads, by file name; `index.js` is one of them */
export function startFile(parts: ReadonlyMap<string, CompiledFile>): CompiledFile {
  const lines = ['const made={},parts={']
  const sections: { offset: { line: number; column: number }; map: unknown }[] = []
  for (const [name, { code, map }] of parts) {
    // In parentheses V8 compiles a function at once, instead of scanning it first and compiling it a moment later.
    lines.push(`${JSON.stringify(`./${name}`)}:(function(require,module,exports){`)
    sections.push({ offset: { line: lines.length, column: 0 }, map: JSON.parse(map) })
    lines.push(...code.trimEnd().split('\n'), '}),')
  }
  lines.push(
    '};',
    'function load(path){return Object.hasOwn(parts,path)?part(path):require(path)}',
    'function part(path){let it=made[path];if(!it){it=made[path]={exports:{}};parts[path](load,it,it.exports)}return it.exports}',
    'module.exports=part;',
  )
  return { code: `${lines.join('\n')}\n`, map: JSON.stringify({ version: 3, sections }) }
}

export function stubOf(name: string): string {
  return `module.exports=require("./${START_FILE}")("./${name}");\n`
}
