/** npm start: builds the functions if a source has changed, then runs the local cloud with the same options. */
import { join } from 'node:path'
import { runProgram } from './run.mjs'

const suggestion = "npm run call -- catalog/list '{}' --as buyer1"
const options = ['--try', suggestion, ...process.argv.slice(2)]
const scriptsDir = import.meta.dirname ?? new URL('.', import.meta.url).pathname
await runProgram(join(scriptsDir, 'build-functions.ts'), ['--if-stale'])
if (!process.exitCode) await runProgram(join(scriptsDir, 'emulator.ts'), options)
