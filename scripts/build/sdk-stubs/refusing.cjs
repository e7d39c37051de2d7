/**
 * Stands where a part of the SDK was left out of the bundle: quiet while the SDK loads, and an error that
 * names the remedy as soon as somebody reads a member of it, calls it or constructs it.
 */
module.exports = function refusing(message, calledAtStart) {
  const refuse = () => {
    throw Object.assign(new Error(message), { code: 'SDK_PART_NOT_BUNDLED' })
  }
  return new Proxy(refuse, {
    get(_target, member) {
      if (isLanguageProbe(member)) return undefined
      // For `value instanceof Part`: nothing is one.
      if (member === 'prototype') return {}
      if (calledAtStart.includes(member)) return () => module.exports(message, [])
      return refuse()
    },
    set: refuse,
    apply: refuse,
    construct: refuse,
  })
}

/** Read by the language, by printing and by module interop, not by somebody who wants the part. */
function isLanguageProbe(member) {
  return typeof member === 'symbol' || ['__esModule', 'then', 'toJSON', 'default'].includes(member)
}
