import { repoDir } from './build/repo-dir.ts'
import { checkImports } from './imports/check-imports.ts'

/** Prints the imports that go the wrong way and the circles; `npm run check` does the same among other checks. */
const faults = checkImports(repoDir)
for (const fault of faults) console.error(fault)
console.log(faults.length === 0 ? 'imports: all good' : `imports: ${faults.length} go the wrong way`)
process.exitCode = faults.length === 0 ? 0 : 1
