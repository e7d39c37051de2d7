/** The one door of the kernel: everything that a capability may use. */

export { auditEntries, verifyAuditChain } from './audit/chain.ts'
export {
  type BanList,
  banList,
  forgetPermissions,
  grants,
  maintenance,
  permissionsOf,
  type Role,
  roles,
} from './auth/grants.ts'
export type { Caller, Context, Doc, Snapshot, Tx } from './context.ts'
export { type Collection, collection } from './data/collection.ts'
export type { Change, Db, Reads, Where } from './data/db.ts'
export { DuplicateKey } from './data/duplicate-key.ts'
export { keywordsOf, queryWords } from './data/keywords.ts'
export { type Page, pageInput } from './data/page.ts'
export { defineFunction, type FunctionOptions, type Main } from './define-function.ts'
export { AppError, type Language, refuse } from './errors/app-error.ts'
export { catalogue, type ErrorName } from './errors/catalogue.ts'
export type { HttpAnswer, HttpEntry, HttpHandler, HttpRequest, PartnerRoutes } from './http.ts'
export { idInput, text } from './input.ts'
export { LATENCY_BOUNDS_MS, type MetricHour, metricHours, type Tally } from './observe/metrics.ts'
export { type Cache, defineCache } from './reliability/cache.ts'
export { cleanExpired } from './reliability/clean-expired.ts'
export {
  type Consumer,
  type Consumers,
  type DomainEvent,
  defineConsumer,
  defineEvent,
  type EventType,
} from './reliability/events.ts'
export { assertSameRequest } from './reliability/idempotency.ts'
export { withLease } from './reliability/lease.ts'
export { outbox, replayDeadEvent, sweepOutbox } from './reliability/outbox.ts'
export { callOutside } from './reliability/outside-call.ts'
export { type Access, defineRoute, type Permission, type Route, type Routes } from './route.ts'
export { command } from './runtime/cloud.ts'
export { derivedId } from './runtime/ids.ts'
export { forgetInstance, perInstance } from './runtime/instance.ts'
export {
  defineFlag,
  defineSetting,
  type Flag,
  type FlagRule,
  flagRule,
  forgetTuning,
  runtimeSettings,
  type Setting,
} from './tuning.ts'
