/** Every setting and flag that operators may change while functions run. Whoever uses one imports it from `public.ts`. */
import * as z from 'zod'
import { defineFlag, defineSetting, type Flag, type Setting } from '../_kernel/index.ts'

const price = z.number().min(0).nullable()

/** Of the environment's plan. The numbers are those of the basic plan; prices are in nobody's code, but in your contract. */
export const plan = defineSetting(
  'plan',
  "What a month of the environment's plan includes, and what comes on top of it costs",
  z.strictObject({
    /** Invocations of functions and requests to database and storage are one pool. */
    callsPerMonth: z.int().min(1),
    gbsPerMonth: z.int().min(1),
    memoryMb: z.int().min(64).max(3_072),
    fenPer10000Calls: price,
    fenPer1000Gbs: price,
  }),
  {
    callsPerMonth: 200_000,
    gbsPerMonth: 100_000,
    memoryMb: 256,
    fenPer10000Calls: null,
    fenPer1000Gbs: null,
  },
)

export const backupKeepDays = defineSetting(
  'backupKeepDays',
  'For how many days a backup is kept',
  z.int().min(3).max(90),
  14,
)

export const alarmFailedPercent = defineSetting(
  'alarmFailedPercent',
  'Health says that a function is failing when so many percent of its calls this hour were faults of ours',
  z.number().min(0).max(100),
  5,
)

export const settings: readonly Setting<unknown>[] = [plan, backupKeepDays, alarmFailedPercent]

/** The mini program asks `ops/features` which of these it shows. */
export const flags: readonly Flag[] = [
  defineFlag('community', 'Shows the community in the mini program'),
  defineFlag('collab', 'Shows shared documents in the mini program'),
]
