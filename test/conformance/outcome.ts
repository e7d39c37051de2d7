import { expect } from 'vitest'
import type { Failure } from './database/case.ts'

/** How `work` ended; also when it throws at once. */
export async function settle(work: () => unknown): Promise<{ value?: unknown; error?: unknown }> {
  try {
    return { value: await work() }
  } catch (error) {
    return { error }
  }
}

/** A thrown error against what the table says of it. */
export function compareFailure(error: unknown, { errCode, errMsg, message, code }: Failure): void {
  const thrown = error as { errCode?: number; errMsg?: string; message?: string; code?: string }
  if (errMsg !== undefined) compareText(thrown.errMsg, errMsg)
  if (message !== undefined) compareText(thrown.message, message)
  if (errCode !== undefined) expect(thrown.errCode).toBe(errCode)
  if (code === null) expect(thrown.code, 'there should be no code').toBeUndefined()
  else if (code !== undefined) expect(thrown.code).toEqual(code)
}

function compareText(text: string | undefined, expected: string | RegExp): void {
  if (typeof expected === 'string') expect(text).toBe(expected)
  else expect(text).toMatch(expected)
}
