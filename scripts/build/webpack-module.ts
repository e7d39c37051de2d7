/** Takes one module out of a file that webpack made, and puts `replacement` in its place. */
export function withoutWebpackModule(
  source: string,
  moduleName: string,
  replacement: string,
): { rest: string; body: string } {
  const key = source.indexOf(`/***/ ${JSON.stringify(moduleName)}:`)
  const opening = '/***/ (function(module, exports, __webpack_require__) {'
  const openingWithoutRequire = '/***/ (function(module, exports) {'
  const start = firstOf(source, [opening, openingWithoutRequire], key)
  const end = source.indexOf('/***/ })', start)
  if (key < 0 || start < 0 || end < 0) throw new Error(`no webpack module named ${moduleName}`)
  return {
    rest: `${source.slice(0, start)}\n${replacement}\n${source.slice(end)}`,
    // What it requires from its neighbours in the bundle are packages, which it can require by itself.
    body: source.slice(start, end).replaceAll('__webpack_require__(', 'require('),
  }
}

/** Where the text after the nearest of `openings` begins, or -1. */
function firstOf(source: string, openings: string[], from: number): number {
  const found = openings
    .map((opening) => ({ at: source.indexOf(opening, from), opening }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => a.at - b.at)[0]
  return found === undefined ? -1 : found.at + found.opening.length
}
