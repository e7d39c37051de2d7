import { setTimeout as sleep } from 'node:timers/promises'
import { holdsPermission, userOf } from './auth/guard.ts'
import type { Caller, Context, Tx } from './context.ts'
import { createDb } from './data/create-db.ts'
import { DuplicateKey } from './data/duplicate-key.ts'
import { readSnapshot } from './data/snapshot.ts'
import { runTransaction, type TransactionHost } from './data/transaction.ts'
import { refuse } from './errors/app-error.ts'
import type { Consumers, DomainEvent } from './reliability/events.ts'
import { findReply, keepReply, type RequestKey } from './reliability/idempotency.ts'
import { deliver, toOutboxRecord } from './reliability/outbox.ts'
import type { Route } from './route.ts'
import { systemClock } from './runtime/clock.ts'
import { cloud } from './runtime/cloud.ts'
import { createIds } from './runtime/ids.ts'
import { createLog } from './runtime/log.ts'
import type { Settings } from './runtime/settings.ts'
import { isSwitchedOn, readSetting } from './tuning.ts'

/** The context of one call, and what the pipeline keeps beside it that handlers do not see. */
export interface Call {
  readonly context: Context
  /** Set by the pipeline before the handler of an idempotent route runs. */
  requestKey?: RequestKey
  /** Set by the pipeline for an audited route; cleared by the transaction that wrote the entry. */
  auditEntry?: { action: string; subject: string }
  /** Delivers the events of this call's commits, and those that their consumers emit in turn. */
  deliverEvents(): Promise<void>
}

export function createCall(options: {
  route: string
  caller: Caller
  idempotent: Route['idempotent']
  requestId?: string
  traceId?: string
  settings: Settings
  consumers: Consumers
}): Call {
  const { caller, route, settings, consumers } = options
  const clock = systemClock
  const ids = createIds(clock.nowMs)
  const requestId = options.requestId ?? ids.next('req')
  const traceId = options.traceId ?? ids.next('trc')
  const committed: DomainEvent<unknown>[] = []
  let databaseCalls = 0
  const count = () => {
    databaseCalls += 1
  }

  const context: Context = {
    caller,
    get userId() {
      return userOf(caller) ?? refuse('UNAUTHENTICATED')
    },
    route,
    requestId,
    get requestHash() {
      if (!call.requestKey) throw new Error(`${route} is not idempotent: its input has no hash`)
      return call.requestKey.inputHash
    },
    traceId,
    clock,
    ids,
    log: createLog(settings.LOG_LEVEL, clock.nowMs, { traceId, requestId, route }),
    settings,
    cloud,
    db: createDb(count),
    setting: (setting) => readSetting(context, setting),
    flag: (flag) => isSwitchedOn(context, flag, userOf(caller)),
    can: (permission) => holdsPermission(context, permission),
    transaction: (work) => commit(work),
    once,
    snapshot: (work) => readSnapshot(count, work),
    consumers,
    databaseCalls: () => databaseCalls,
  }

  const host: TransactionHost = {
    context,
    count,
    isConsumed: async (type) => (await consumers()).some(({ on }) => on === type),
    pause: (ms) => sleep(ms),
  }

  const call: Call = {
    context,
    async deliverEvents() {
      for (let event = committed.shift(); event; event = committed.shift()) {
        try {
          await deliver(context, toOutboxRecord(event, traceId))
        } catch (cause) {
          // The effect is committed and its reply must go out; the sweeper delivers what is still pending.
          context.log.error({ cause, eventId: event.id }, 'event left to the sweeper')
        }
      }
    },
  }

  async function commit<R>(work: (tx: Tx, attempt: number) => Promise<R>): Promise<R> {
    const { value, events } = await runTransaction(host, async (tx, attempt) => {
      const result = await work(tx, attempt)
      if (call.auditEntry) await tx.audit(call.auditEntry)
      return result
    })
    call.auditEntry = undefined
    committed.push(...events)
    return value
  }

  async function once<R>(work: (tx: Tx) => Promise<R>): Promise<R> {
    const key = call.requestKey
    if (options.idempotent !== 'once' || !key)
      throw new Error(`${route} calls ctx.once but is not idempotent: 'once'`)
    try {
      return await commit(async (tx, attempt) => {
        // The first attempt was checked by the pipeline; a later one may have lost against its own twin.
        const kept = attempt > 1 ? await findReply(tx, key) : undefined
        if (kept) {
          call.auditEntry = undefined
          // The kept reply is what `work` returned for this very request.
          return kept.reply as R
        }
        const reply = await work(tx)
        await keepReply(tx, key, reply)
        return reply
      })
    } catch (error) {
      const kept = error instanceof DuplicateKey ? await findReply(context.db, key) : undefined
      if (!kept) throw error
      // The twin wrote its entry; `work` left nothing to tell about.
      call.auditEntry = undefined
      return kept.reply as R
    }
  }

  return call
}
