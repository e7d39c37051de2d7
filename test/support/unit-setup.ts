/** Runs around each file of unit tests; modules themselves are loaded once for all files. */
import { afterAll } from 'vitest'
import { stopUnitClouds } from './unit.ts'

afterAll(stopUnitClouds)
