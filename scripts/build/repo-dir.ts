import { join } from 'node:path'

/** The root of this repository. */
export const repoDir = join(import.meta.dirname, '../..')
