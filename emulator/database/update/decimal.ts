/** Sums and products of decimals; bson keeps them but does not compute. */
import { Decimal128 } from 'bson'

/** `digits` times ten to the `exponent`. */
interface Parts {
  digits: bigint
  exponent: number
}

export function addDecimals(a: Decimal128, b: Decimal128): Decimal128 {
  return compute(a, b, (x, y) => {
    const exponent = Math.min(x.exponent, y.exponent)
    return { digits: at(x, exponent) + at(y, exponent), exponent }
  })
}

export function multiplyDecimals(a: Decimal128, b: Decimal128): Decimal128 {
  return compute(a, b, (x, y) => ({ digits: x.digits * y.digits, exponent: x.exponent + y.exponent }))
}

function compute(a: Decimal128, b: Decimal128, combine: (x: Parts, y: Parts) => Parts): Decimal128 {
  const x = parts(a)
  const y = parts(b)
  // What is infinite or no number stays so.
  if (!x) return a
  if (!y) return b
  const { digits, exponent } = combine(x, y)
  return Decimal128.fromStringWithRounding(`${digits}E${exponent}`)
}

function at({ digits, exponent }: Parts, wanted: number): bigint {
  return digits * 10n ** BigInt(exponent - wanted)
}

function parts(value: Decimal128): Parts | undefined {
  const [, sign, whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:E([+-]?\d+))?$/.exec(value.toString()) ?? []
  if (sign === undefined) return undefined
  return { digits: BigInt(`${sign}${whole}${fraction}`), exponent: Number(exponent) - fraction.length }
}
