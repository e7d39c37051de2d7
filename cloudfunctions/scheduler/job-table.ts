import type { Job } from './model.ts'

/** `jobs.ts`, read when it is first asked for: it brings every capability along, and a start need not wait for that. */
export async function readJobs(): Promise<readonly Job[]> {
  const { jobs } = await import('./jobs.ts')
  return jobs
}
