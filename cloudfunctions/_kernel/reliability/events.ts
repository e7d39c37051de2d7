import type * as z from 'zod'
import type { Context } from '../context.ts'

/** Something that happened, announced by the capability that owns it in its `public.ts`. */
export interface EventType<P> {
  readonly name: string
  parse(payload: unknown): P
}

export interface DomainEvent<P> {
  /** The same on every delivery: consumers use it to work once. */
  id: string
  type: string
  payload: P
  occurredAtMs: number
}

/** One reaction to one event. May be delivered more than once and must then change nothing. */
export interface Consumer {
  /** `inventory.settle-sold`: stable, it is stored with the event once it has run. */
  readonly name: string
  readonly on: string
  handle(event: DomainEvent<unknown>, ctx: Context): Promise<void>
}

/** Everybody who reacts to the events of a function; asked for when the first event comes. */
export type Consumers = () => Promise<readonly Consumer[]>

export function defineEvent<S extends z.ZodType>(name: string, payload: S): EventType<z.output<S>> {
  return { name, parse: (value) => payload.parse(value) }
}

export function defineConsumer<P>(
  name: string,
  on: EventType<P>,
  handle: (event: DomainEvent<P>, ctx: Context) => Promise<void>,
): Consumer {
  return {
    name,
    on: on.name,
    handle: (event, ctx) => handle({ ...event, payload: on.parse(event.payload) }, ctx),
  }
}
