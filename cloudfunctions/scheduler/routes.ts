import type { Routes } from '../_kernel/index.ts'
import { listJobs } from './list-jobs.ts'
import { listRuns } from './list-runs.ts'
import { run } from './run.ts'

export const routes = { jobs: listJobs, runs: listRuns, run } satisfies Routes
