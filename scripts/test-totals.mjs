/** Prints "N passed, N failed" from vitest's JSON reports together; fails when a test failed, a report lacks or none ran. */
import { readFileSync } from 'node:fs'

const reports = process.argv.slice(2).map(readReport)
const sum = (count) => reports.reduce((total, report) => total + report[count], 0)
const isGood = reports.length > 0 && reports.every((report) => report.success && report.numPassedTests > 0)
console.log(`${sum('numPassedTests')} passed, ${sum('numFailedTests')} failed`)
process.exitCode = isGood ? 0 : 1

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    console.error(`The tests left no report: ${error.message}`)
    return { numPassedTests: 0, numFailedTests: 1, success: false }
  }
}
