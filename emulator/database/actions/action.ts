/** What an action of the wire is: a body in, a reply without `requestId` out; refusals are WireErrors. */
import type { Caller, Engine } from '../engine.ts'

export type Action = (
  engine: Engine,
  body: Record<string, unknown>,
  caller: Caller,
) => Promise<Record<string, unknown>>
