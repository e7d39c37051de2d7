import { AppError, type Context, collection, refuse } from '../../_kernel/index.ts'
import { type AddressBook, addressBookSchema, emptyBook } from './book.ts'

export const addressBooks = collection('addresses', addressBookSchema)

const ATTEMPTS = 4

export async function readBook(ctx: Context, userId: string): Promise<AddressBook> {
  return (await ctx.db.find(addressBooks, userId)) ?? emptyBook(userId, ctx.clock.nowMs())
}

/** Applies a pure change and writes it if nobody wrote in between; else reads again. Two database requests when alone. */
export async function changeBook(
  ctx: Context,
  change: (book: AddressBook) => AddressBook,
): Promise<AddressBook> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const before = await readBook(ctx, ctx.userId)
    const changed = change(before)
    if (changed === before) return before
    const after = { ...changed, version: before.version + 1 }
    if (await write(ctx, before, after)) return after
  }
  refuse('BUSY')
}

async function write(ctx: Context, before: AddressBook, after: AddressBook): Promise<boolean> {
  if (before.version === 0) return ctx.db.insertIfAbsent(addressBooks, after)
  try {
    await ctx.db.putIf(addressBooks, after, { version: before.version })
    return true
  } catch (error) {
    if (error instanceof AppError && error.error === 'STALE') return false
    throw error
  }
}
