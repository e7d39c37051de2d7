/** Prints "N passed, N failed" from vitest's JSON report; fails when a test failed or none ran. */
import { readFileSync } from 'node:fs'

const report = readReport(process.argv[2])
console.log(`${report.numPassedTests} passed, ${report.numFailedTests} failed`)
process.exitCode = report.success && report.numPassedTests > 0 ? 0 : 1

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    console.error(`The tests left no report: ${error.message}`)
    return { numPassedTests: 0, numFailedTests: 1, success: false }
  }
}
