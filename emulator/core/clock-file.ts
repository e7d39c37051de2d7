import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import type { ClockMode } from './clock.ts'

/** Remembers with the data where the clock was moved to: what is stored carries those times, and waits for them. */
export interface ClockFile {
  /** Where a clock of this mode goes on; undefined when it was never moved. */
  startMs(mode: ClockMode): number | undefined
  /** Survives a kill of the process as soon as it returns. */
  keep(mode: ClockMode, movedToMs: number): void
}

const moved = z.object({
  mode: z.enum(['real', 'manual']),
  movedToMs: z.number(),
  /** From the machine's time to the clock's. */
  offsetMs: z.number(),
})

/** @param dir the data folder; nothing is remembered without one. */
export function openClockFile(dir: string | undefined): ClockFile {
  if (dir === undefined) return { startMs: () => undefined, keep() {} }
  const path = join(dir, 'clock.json')
  return {
    startMs(mode) {
      const last = readMove(path)
      if (last === undefined) return undefined
      const stoodStill = mode === 'manual' && last.mode === 'manual'
      return stoodStill ? last.movedToMs : Date.now() + last.offsetMs
    },
    keep(mode, movedToMs) {
      mkdirSync(dir, { recursive: true })
      const whole = `${path}.new` // replaced as a whole, so that a kill cannot leave half of it
      writeFileSync(whole, JSON.stringify({ mode, movedToMs, offsetMs: movedToMs - Date.now() }))
      renameSync(whole, path)
    },
  }
}

function readMove(path: string): z.output<typeof moved> | undefined {
  try {
    return moved.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    // Never moved, or the power failed before the file was on the disk.
    return undefined
  }
}
