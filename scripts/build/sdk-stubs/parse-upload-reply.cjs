/**
 * Reads `<Error><Code>..</Code><Message>..</Message>..</Error>`, the only XML that the file service sends, into the
 * shape that xml2js gives it: { Error: { Code: ['..'], .. } }. Any other document has no Error, which means success.
 */
module.exports = function parseUploadReply(xml, done) {
  const text = String(xml ?? '').trim()
  if (text === '') return done(null, null)
  if (!text.startsWith('<')) return done(new Error(`Non-whitespace before first tag: ${text.slice(0, 100)}`))
  const error = /<Error(?:\s[^>]*)?>([\s\S]*)<\/Error>/.exec(text)
  if (error === null) return done(null, {})
  const children = {}
  for (const [, name, value] of error[1].matchAll(/<(\w+)(?:\s[^>]*)?>([^<]*)<\/\1>/g)) {
    children[name] = [...(children[name] ?? []), withoutEntities(value)]
  }
  return done(null, { Error: children })
}

function withoutEntities(text) {
  const entities = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' }
  return text.replace(/&(lt|gt|quot|apos|amp);/g, (_all, name) => entities[name])
}
