import * as z from 'zod'
import { idInput, refuse, text } from '../../_kernel/index.ts'

/** One document per person: so that "at most twenty" and "one default" hold by a single conditional write. */
export const addressBookSchema = z.object({
  _id: text,
  _openid: text,
  version: z.int(),
  entries: z.array(
    z.object({
      _id: text,
      /** Of the request that added it. */
      requestHash: text,
      name: text,
      phone: text,
      province: text,
      city: text,
      district: text,
      detail: text,
      createdAtMs: z.int(),
      updatedAtMs: z.int(),
    }),
  ),
  defaultId: z.string().nullable(),
  updatedAtMs: z.int(),
})

export type AddressBook = z.output<typeof addressBookSchema>
type Entry = AddressBook['entries'][number]

export interface Address {
  _id: string
  userId: string
  name: string
  phone: string
  province: string
  city: string
  district: string
  detail: string
  isDefault: boolean
}

const ADDRESSES_MAX = 20

const line = (max: number) => z.string().trim().min(1).max(max)

export const addressInput = z.object({
  name: line(30),
  phone: z.string().regex(/^1[3-9]\d{9}$/, 'a mainland mobile number has 11 digits'),
  province: line(30),
  city: line(30),
  district: line(30),
  detail: line(120),
  isDefault: z.boolean().optional(),
})

export type AddressInput = z.output<typeof addressInput>

export const addressId = idInput

export function emptyBook(userId: string, nowMs: number): AddressBook {
  return { _id: userId, _openid: userId, version: 0, entries: [], defaultId: null, updatedAtMs: nowMs }
}

/** The default first, then the newest. */
export function addressesIn(book: AddressBook): Address[] {
  const newestFirst = [...book.entries].sort((a, b) => b.createdAtMs - a.createdAtMs)
  const isDefault = (entry: Entry) => entry._id === book.defaultId
  return [...newestFirst.filter(isDefault), ...newestFirst.filter((entry) => !isDefault(entry))].map(
    (entry) => toAddress(book, entry),
  )
}

export function findIn(book: AddressBook, id: string): Address | undefined {
  const entry = book.entries.find((candidate) => candidate._id === id)
  return entry && toAddress(book, entry)
}

/** Refuses ADDRESS_LIMIT. The first address becomes the default by itself. */
export function withAdded(
  book: AddressBook,
  request: { id: string; requestHash: string },
  given: AddressInput,
  nowMs: number,
): AddressBook {
  const { id, requestHash } = request
  if (book.entries.length >= ADDRESSES_MAX) refuse('ADDRESS_LIMIT', { limit: ADDRESSES_MAX })
  const { isDefault, ...fields } = given
  return {
    ...book,
    entries: [...book.entries, { ...fields, _id: id, requestHash, createdAtMs: nowMs, updatedAtMs: nowMs }],
    defaultId: isDefault || book.defaultId === null ? id : book.defaultId,
    updatedAtMs: nowMs,
  }
}

/** Refuses NOT_FOUND. */
export function withChanged(
  book: AddressBook,
  id: string,
  given: Partial<AddressInput>,
  nowMs: number,
): AddressBook {
  assertHas(book, id)
  const { isDefault, ...fields } = given
  return {
    ...book,
    entries: book.entries.map((entry) =>
      entry._id === id ? { ...entry, ...fields, updatedAtMs: nowMs } : entry,
    ),
    defaultId: isDefault ? id : book.defaultId,
    updatedAtMs: nowMs,
  }
}

/** Removing what is gone changes nothing. When the default goes, the newest address takes its place. */
export function withoutEntry(book: AddressBook, id: string, nowMs: number): AddressBook {
  if (!book.entries.some((entry) => entry._id === id)) return book
  const entries = book.entries.filter((entry) => entry._id !== id)
  const newest = entries.reduce<Entry | undefined>(
    (best, entry) => (best === undefined || entry.createdAtMs >= best.createdAtMs ? entry : best),
    undefined,
  )
  return {
    ...book,
    entries,
    defaultId: book.defaultId === id ? (newest?._id ?? null) : book.defaultId,
    updatedAtMs: nowMs,
  }
}

function assertHas(book: AddressBook, id: string): void {
  if (!book.entries.some((entry) => entry._id === id)) refuse('NOT_FOUND', { addressId: id })
}

function toAddress(book: AddressBook, entry: Entry): Address {
  const { createdAtMs: _created, updatedAtMs: _updated, requestHash: _hash, ...fields } = entry
  return { ...fields, userId: book._id, isDefault: entry._id === book.defaultId }
}
