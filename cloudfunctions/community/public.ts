/** What other capabilities may use of `community`. */
export { consumers } from './consumers.ts'
export { eraseUser, exportUser } from './privacy.ts'
export { cleanImageVerdicts } from './review/apply-verdicts.ts'
export { sweepReviews } from './review/sweep.ts'
export { verifyNextCounters } from './verify/counters.ts'
