/**
 * Extended JSON for what documents are made of: text, numbers, dates, lists and objects. Whatever else it meets it
 * leaves, with the whole text or value, to `real.EJSON` of the package bson, so that both give the same in every case.
 */
module.exports = function extendedJson(real) {
  return {
    stringify(value, options, ...others) {
      if (others.length === 0 && options?.relaxed === false && Object.keys(options).length === 1) {
        const plain = canonical(value, 0)
        if (plain !== RARE) return JSON.stringify(plain)
      }
      return real.EJSON.stringify(value, options, ...others)
    },
    parse(text, options) {
      // Also called by Array.map, which passes an index where options would be.
      if (typeof options !== 'object') {
        let rare = false
        const value = JSON.parse(text, (key, part) => {
          const plain = key.includes('\0') ? RARE : relaxed(part)
          if (plain === RARE) rare = true
          return plain
        })
        if (!rare) return value
      }
      return real.EJSON.parse(text, options)
    },
    serialize: (...args) => real.EJSON.serialize(...args),
    deserialize: (...args) => real.EJSON.deserialize(...args),
  }
}

const RARE = Symbol('rare')
/** Deeper than any document may be: a circle, which the package explains. */
const DEEPEST = 120
const INT32 = 2 ** 31
const INT64 = 2 ** 63

function canonical(value, depth) {
  if (value === null || value === undefined) return null
  if (typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') return canonicalNumber(value)
  if (typeof value !== 'object' || depth > DEEPEST) return RARE
  if (Array.isArray(value)) return canonicalList(value, depth)
  const prototype = Object.getPrototypeOf(value)
  if (prototype === Date.prototype) return { $date: { $numberLong: String(value.getTime()) } }
  if (prototype !== Object.prototype && prototype !== null) return RARE
  return canonicalObject(value, depth)
}

function canonicalNumber(value) {
  if (Math.floor(value) === value) {
    if (value >= -INT32 && value < INT32) return { $numberInt: String(value) }
    if (value >= -INT64 && value <= INT64) return { $numberLong: String(value) }
  }
  return { $numberDouble: String(value) }
}

function canonicalList(list, depth) {
  const result = []
  for (let index = 0; index < list.length; index += 1) {
    const item = index in list ? canonical(list[index], depth + 1) : RARE
    if (item === RARE) return RARE
    result.push(item)
  }
  return result
}

function canonicalObject(object, depth) {
  const result = {}
  for (const name in object) {
    const item = name === '__proto__' || name === '_bsontype' ? RARE : canonical(object[name], depth + 1)
    if (item === RARE) return RARE
    result[name] = item
  }
  return result
}

function relaxed(part) {
  if (typeof part !== 'object' || part === null || Array.isArray(part)) return part
  const names = Object.keys(part)
  if (!names.some((name) => name.startsWith('$'))) return part
  if (names.length > 1) return RARE
  const [name] = names
  const value = part[name]
  if (name === '$numberInt' && isInteger(value)) return Number.parseInt(value, 10)
  if (name === '$numberLong' && isInteger(value)) return Number(value)
  if (name === '$numberDouble' && typeof value === 'string') return Number.parseFloat(value)
  if (name === '$date' && typeof value === 'number') return new Date(value)
  return RARE
}

/** Fifteen digits are exact as a number. */
function isInteger(text) {
  return typeof text === 'string' && /^(?:0|-?[1-9]\d{0,14})$/.test(text)
}
