/** What other capabilities may use of `ops`. */
export { backUp } from './backup/take.ts'
export { flags, settings } from './definitions.ts'
export { cleanMetrics, condenseMetrics } from './metrics/condense.ts'
export { cleanErasures } from './privacy/erase.ts'
