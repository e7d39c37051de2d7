import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as z from 'zod'

const repoDir = join(import.meta.dirname, '../..')

const report = z.object({
  results: z.array(
    z.object({
      subject: z.string(),
      what: z.string(),
      expected: z.enum(['allowed', 'refused']),
      failure: z.string().optional(),
    }),
  ),
  problems: z.array(z.string()),
  unreached: z.array(z.string()),
  lcov: z.string(),
})

export interface Run {
  exitCode: number
  stdout: string
  stderr: string
}

/** `npm run rules:test -- …`, as a developer calls it. */
export function runRulesTest(args: string[]): Promise<Run> {
  return new Promise((done) => {
    const script = [join(repoDir, 'scripts/run.mjs'), join(repoDir, 'scripts/rules-test.ts'), ...args]
    execFile(process.execPath, script, { maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      done({ exitCode: typeof error?.code === 'number' ? error.code : 0, stdout, stderr })
    })
  })
}

/** All rows of this repository's tables. */
export async function reportOfOwnRules(): Promise<z.output<typeof report>> {
  const dir = mkdtempSync(join(tmpdir(), 'rules-'))
  try {
    const { stdout } = await runRulesTest(['--json', '--lcov', join(dir, 'rules.lcov')])
    return report.parse(JSON.parse(stdout))
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}
