/**
 * Values as bytes whose order is the order of the values: the keys of index entries, and the sort keys of results.
 * Every encoding is self-delimiting, so that fields can follow each other and a field can be turned round.
 */
import { BSONValue } from 'bson'
import {
  bsonText,
  type Document,
  fieldOf,
  isNumber,
  type MaybeValue,
  TypeOrder,
  toNumber,
  typeOrderOf,
} from './values.ts'

/** Stands for an array without elements: MongoDB sorts it below null. */
export const EMPTY_ARRAY = Symbol('empty array')
export type KeyValue = MaybeValue | typeof EMPTY_ARRAY

const END = 0x00
const ESCAPED_ZERO = 0xff

export function encodeKey(value: KeyValue, direction: 1 | -1 = 1): Buffer {
  writer.length = 0
  write(value)
  const bytes = Buffer.from(writer.bytes.subarray(0, writer.length))
  if (direction === -1) for (let i = 0; i < bytes.length; i++) bytes[i] = ~(bytes[i] ?? 0) & 0xff
  return bytes
}

/** The smallest key above every key that begins with `prefix`, or undefined if there is none. */
export function afterPrefix(prefix: Buffer): Buffer | undefined {
  for (let i = prefix.length - 1; i >= 0; i--) {
    const byte = prefix[i] ?? 0
    if (byte === 0xff) continue
    const next = Buffer.from(prefix.subarray(0, i + 1))
    next[i] = byte + 1
    return next
  }
  return undefined
}

// One growing scratch buffer: encoding is synchronous and never nests from outside.
const writer = { bytes: Buffer.alloc(4096), length: 0 }

function reserve(count: number): void {
  if (writer.length + count <= writer.bytes.length) return
  const larger = Buffer.alloc(Math.max(writer.bytes.length * 2, writer.length + count))
  writer.bytes.copy(larger)
  writer.bytes = larger
}

function writeByte(byte: number): void {
  reserve(1)
  writer.bytes[writer.length++] = byte
}

function write(value: KeyValue): void {
  if (value === EMPTY_ARRAY) {
    writeByte(TypeOrder.emptyArray)
    return
  }
  const order = typeOrderOf(value)
  writeByte(order)
  if (isNumber(value)) writeNumber(toNumber(value))
  else if (typeof value === 'string') writeText(value)
  else if (typeof value === 'boolean') writeByte(value ? 1 : 0)
  else if (value instanceof Date) writeNumber(value.getTime())
  else if (Array.isArray(value)) {
    for (const item of value) write(item)
    writeByte(END)
  } else if (value instanceof BSONValue) writeText(bsonText(value))
  else if (value !== null && value !== undefined) writeDocument(value)
}

function writeDocument(document: Document): void {
  for (const field of Object.keys(document)) {
    const value = fieldOf(document, field)
    writeByte(typeOrderOf(value))
    writeText(field)
    write(value)
  }
  writeByte(END)
}

/** IEEE 754 with the sign bit turned, negatives inverted: bytes then order as numbers. NaN goes below all. */
function writeNumber(value: number): void {
  reserve(8)
  const { bytes, length } = writer
  if (Number.isNaN(value)) bytes.fill(0, length, length + 8)
  else {
    bytes.writeDoubleBE(value === 0 ? 0 : value, length)
    if (((bytes[length] ?? 0) & 0x80) === 0) bytes[length] = (bytes[length] ?? 0) | 0x80
    else for (let i = length; i < length + 8; i++) bytes[i] = ~(bytes[i] ?? 0) & 0xff
  }
  writer.length += 8
}

function writeText(text: string): void {
  reserve(text.length * 3 + 2)
  if (!text.includes('\u0000')) {
    writer.length += writer.bytes.write(text, writer.length, 'utf8')
  } else {
    for (const byte of Buffer.from(text, 'utf8')) {
      writeByte(byte)
      if (byte === END) writeByte(ESCAPED_ZERO)
    }
  }
  writeByte(END)
  writeByte(END)
}
