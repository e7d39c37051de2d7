import type * as z from 'zod'
import type { Route, Routes } from '../../cloudfunctions/_kernel/route'
import { NoAnswer } from './no-answer'
import { createRequestIds, newRequestId } from './request-id'
import { type CallEvent, callFunction } from './transport'

/** What the routes of a function look like from here: inputs and replies are the server's own types. */
export type Client<R extends Routes> = {
  readonly [K in keyof R]: R[K] extends Route<infer Input, infer Result>
    ? (...args: Args<z.input<Input>>) => Promise<Jsonified<Result>>
    : never
}

/** A route whose input may be empty can be called without one. */
type Args<Input> = Record<never, never> extends Input ? [input?: Input] : [input: Input]

/** What is left of a value after the journey through JSON: fields that are undefined are missing, methods are gone. */
type Jsonified<T> = T extends { toJSON(): infer Json }
  ? Json
  : T extends object
    ? { [K in keyof T]: Jsonified<T[K]> }
    : T

/** The server's refusal: show `message` to people, branch on `error`. */
export class Refused extends Error {
  constructor(
    readonly error: string,
    readonly code: number,
    message: string,
    readonly details?: Record<string, unknown>,
  ) {
    super(message)
    this.name = 'Refused'
  }
}

interface Reply {
  code: number
  data?: unknown
  error?: string
  message?: string
  details?: Record<string, unknown>
}

const TRIES = 3
const FIRST_PAUSE_MS = 400

/** Refusals that tell nothing about an earlier try that got no answer: the wish keeps its id. */
const LEAVE_EARLIER_TRIES_OPEN = [
  'INTERNAL',
  'BUSY',
  'STALE',
  'TOO_MANY_REQUESTS',
  'UPSTREAM_FAILED',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'USER_BANNED',
]

const requestIds = createRequestIds(wx, Date.now)

/**
 * The client of one function, typed by its routes.
 *
 * @param keepsReply names of the routes that are idempotent on the server: their request ids outlive a failed call.
 */
export function client<R extends Routes>(
  functionName: string,
  keepsReply: readonly (keyof R & string)[],
): Client<R> {
  // Which routes there are is known to the type only.
  return new Proxy({} as Client<R>, {
    get(_, route) {
      if (typeof route !== 'string') return undefined
      const isKept = keepsReply.includes(route)
      return (input: unknown = {}) => call(functionName, route, input, isKept)
    },
  })
}

async function call(functionName: string, route: string, input: unknown, isKept: boolean): Promise<unknown> {
  const wish = `${functionName}/${route}:${JSON.stringify(input)}`
  const requestId = isKept ? requestIds.take(wish) : newRequestId(Date.now())
  const reply = await tryToCall(functionName, { $url: route, data: input, requestId })
  const { code, data, error = 'INTERNAL', message = '', details } = reply
  if (isKept && (code === 0 || !LEAVE_EARLIER_TRIES_OPEN.includes(error))) requestIds.settle(wish)
  if (code === 0) return data
  throw new Refused(error, code, message, details)
}

/** Tries again when no answer came: reading twice is harmless, and a write carries the id by which the server knows it. */
async function tryToCall(functionName: string, event: CallEvent): Promise<Reply> {
  for (let attempt = 1; ; attempt++) {
    try {
      const reply = await callFunction(functionName, event)
      if (!isReply(reply)) throw new NoAnswer(`${functionName} gave something that is not a reply`)
      return reply
    } catch (error) {
      if (!(error instanceof NoAnswer) || attempt === TRIES) throw error
      await pause(FIRST_PAUSE_MS * 2 ** (attempt - 1) * (0.5 + Math.random()))
    }
  }
}

/** Every route answers in this shape; a function that is not one of ours may not. */
function isReply(value: unknown): value is Reply {
  return typeof value === 'object' && value !== null && 'code' in value && typeof value.code === 'number'
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
