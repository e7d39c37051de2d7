import { existsSync, readFileSync } from 'node:fs'
import * as z from 'zod'

/** A file of the project cannot be used; the message names it and says why. */
export class ProjectError extends Error {
  override name = 'ProjectError'
}

/** What some editors on Windows begin a file with. */
const BYTE_ORDER_MARK = /^\uFEFF/

/** Undefined when there is no such file. */
export function readJsonFile<T extends z.ZodType>(path: string, schema: T): z.output<T> | undefined {
  return existsSync(path) ? parseJsonText(path, readFileSync(path, 'utf8'), schema) : undefined
}

export function parseJsonText<T extends z.ZodType>(path: string, text: string, schema: T): z.output<T> {
  let value: unknown
  try {
    value = JSON.parse(text.replace(BYTE_ORDER_MARK, ''))
  } catch (error) {
    throw new ProjectError(`${path} is not JSON: ${error instanceof Error ? error.message : error}`)
  }
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new ProjectError(`${path}: ${z.prettifyError(parsed.error)}`)
}
