/** Which version answers a call: the one that the caller names, or one by the shares of traffic that each gets. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import * as z from 'zod'
import { LATEST } from './versions.ts'

export const trafficShares = z
  .array(z.strictObject({ version: z.string(), percent: z.number().int().min(0).max(100) }))
  .min(1)
  .refine(
    (shares) => shares.reduce((sum, { percent }) => sum + percent, 0) === 100,
    'percents must add up to 100',
  )
  .refine(
    (shares) => new Set(shares.map(({ version }) => version)).size === shares.length,
    'a version may be named once',
  )

export type TrafficShares = z.output<typeof trafficShares>

export interface Traffic {
  sharesOf(functionName: string): TrafficShares
  set(functionName: string, shares: TrafficShares): void
  /** A caller with a key always gets the same version while the shares stay; one without gets any. */
  versionFor(functionName: string, routeKey: string | undefined): string
}

const ALL_LATEST: TrafficShares = [{ version: LATEST, percent: 100 }]

/** @param dir as of `createVersions`; shares are kept in `<dir>/<function>/traffic.json`. */
export function createTraffic(dir: string | undefined, random: () => number = Math.random): Traffic {
  const known = new Map<string, TrafficShares>()

  function sharesOf(functionName: string): TrafficShares {
    const before = known.get(functionName)
    if (before) return before
    const shares = read(dir, functionName) ?? ALL_LATEST
    known.set(functionName, shares)
    return shares
  }

  return {
    sharesOf,
    set(functionName, shares) {
      known.set(functionName, shares)
      if (dir !== undefined) write(fileOf(dir, functionName), shares)
    },
    versionFor(functionName, routeKey) {
      const shares = sharesOf(functionName)
      if (shares === ALL_LATEST) return LATEST
      let point = routeKey === undefined ? random() * 100 : percentileOf(routeKey)
      for (const { version, percent } of shares) {
        if (point < percent) return version
        point -= percent
      }
      return LATEST
    },
  }
}

/** What sticks to a user without naming the user: it reaches functions, which must not learn of the user by it. */
export function routeKeyOf(openid: string): string {
  return createHash('sha256').update(`route:${openid}`).digest('hex').slice(0, 16)
}

function percentileOf(routeKey: string): number {
  return createHash('sha256').update(routeKey).digest().readUInt32BE(0) % 100
}

function fileOf(dir: string, functionName: string): string {
  return join(dir, functionName, 'traffic.json')
}

function read(dir: string | undefined, functionName: string): TrafficShares | undefined {
  if (dir === undefined || !existsSync(fileOf(dir, functionName))) return undefined
  return trafficShares.parse(JSON.parse(readFileSync(fileOf(dir, functionName), 'utf8')))
}

function write(path: string, shares: TrafficShares): void {
  mkdirSync(dirname(path), { recursive: true })
  const draft = `${path}.draft`
  writeFileSync(draft, JSON.stringify(shares))
  renameSync(draft, path)
}
