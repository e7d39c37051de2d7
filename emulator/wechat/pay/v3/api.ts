import type * as z from 'zod'
import type { PayContext } from '../api.ts'
import { PayRefusal } from '../refusals.ts'
import type { V3Settings } from './settings.ts'

/** One workflow of the v3 template: snake_case fields of v3 in, the `data` of its answer out. */
export type V3Api = (given: unknown, caller: { openid?: string }, ctx: V3Context) => Promise<unknown>

export interface V3Context extends PayContext {
  settings: V3Settings
}

/** The merchant of the v3 template, which has its own number and certificates; a v2 order may name it as `subMchId`. */
export const OWN_MCH_ID = '1900000109'

/** A refusal in the words of v3. */
export class V3Refusal extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message)
    this.name = 'V3Refusal'
  }
}

export function parseV3<Schema extends z.ZodType>(schema: Schema, given: unknown): z.output<Schema> {
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new V3Refusal('PARAM_ERROR', `参数错误: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`)
}

/** Runs v2's work under v3's names for its refusals; codes without one keep their own. */
export async function underV3Names<T>(names: Record<string, string>, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof PayRefusal)) throw error
    throw new V3Refusal(
      names[error.errCode] ?? COMMON_NAMES[error.errCode] ?? error.errCode,
      error.errCodeDes,
    )
  }
}

const COMMON_NAMES: Record<string, string> = {
  SYSTEMERROR: 'SYSTEM_ERROR',
  NOTENOUGH: 'NOT_ENOUGH',
  ORDERCLOSED: 'ORDER_CLOSED',
  ORDERPAID: 'INVALID_REQUEST',
}
