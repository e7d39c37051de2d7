/** $bitsAllSet, $bitsAnySet, $bitsAllClear, $bitsAnyClear. */
import { requestFailed } from '../errors.ts'
import { isIntegral, isNumber, toNumber, type Value } from '../values.ts'
import type { LeafTest } from './leaf.ts'

export function bitsTest(
  operator: string,
  holds: (set: bigint, mask: bigint) => boolean,
): (operand: Value) => LeafTest {
  return (operand) => {
    const mask = maskOf(operator, operand)
    return {
      matches: (value) =>
        isNumber(value) && Number.isInteger(toNumber(value)) && holds(BigInt(toNumber(value)) & mask, mask),
    }
  }
}

function maskOf(operator: string, operand: Value): bigint {
  if (isNumber(operand) && isIntegral(operand) && toNumber(operand) >= 0) return BigInt(toNumber(operand))
  if (Array.isArray(operand)) {
    let mask = 0n
    for (const position of operand) {
      if (!isNumber(position) || !isIntegral(position) || toNumber(position) < 0) {
        throw requestFailed(`${operator} takes whole bit positions`)
      }
      mask |= 1n << BigInt(toNumber(position))
    }
    return mask
  }
  throw requestFailed(`${operator} takes an Array, a number`)
}
