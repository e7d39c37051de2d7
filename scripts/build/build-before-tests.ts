import { buildAll } from './build-all.ts'
import { repoDir } from './repo-dir.ts'

/** Journeys call the functions as they would be deployed. */
export default async function setup(): Promise<void> {
  await buildAll(repoDir)
}
