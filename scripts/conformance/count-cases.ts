import { relative } from 'node:path'
import * as z from 'zod'

export interface Area {
  name: string
  /** Cases of the table; each runs on several SDKs. */
  cases: number
  runs: number
  passed: number
  sdks: string[]
  /** Titles of what does not hold. */
  failed: string[]
}

const reportSchema = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      assertionResults: z.array(
        z.object({
          ancestorTitles: z.array(z.string()),
          title: z.string(),
          status: z.string(),
        }),
      ),
    }),
  ),
})

const sdkOf: Record<string, string> = {
  mock: 'mocked SDK',
  wire: 'wx-server-sdk',
  'node-sdk': 'node-sdk',
}

/**
 * Cases by area out of vitest's JSON report. Files are named `<area>.<SDK>.test.ts`; in the database's the theme of a
 * table is the outermost title, in those of the generations the SDK is.
 */
export function countCases(report: unknown, repoDir: string): Area[] {
  const areas = new Map<string, Omit<Area, 'cases' | 'sdks'> & { titles: Set<string>; sdks: Set<string> }>()
  for (const { name: path, assertionResults } of reportSchema.parse(report).testResults) {
    const file = relative(repoDir, path)
    const [, area = '', kind = ''] = /([\w-]+)\.([\w-]+)\.test\.ts$/.exec(file) ?? []
    for (const { ancestorTitles, title, status } of assertionResults) {
      const [outer = ''] = ancestorTitles
      const isGenerations = file.startsWith('test/generations/')
      const theme = kind === '' || area !== 'database' ? '' : `: ${outer}`
      const name = isGenerations ? 'generations of SDKs' : `${area || file}${theme}`
      const known = areas.get(name) ?? {
        name,
        runs: 0,
        passed: 0,
        failed: [],
        titles: new Set<string>(),
        sdks: new Set<string>(),
      }
      areas.set(name, known)
      known.runs += 1
      known.titles.add([...ancestorTitles.slice(1), title].join(' '))
      known.sdks.add(isGenerations ? outer : (sdkOf[kind] ?? kind))
      if (status === 'passed') known.passed += 1
      else known.failed.push(`${file}: ${[...ancestorTitles, title].join(' > ')}`)
    }
  }
  return [...areas.values()]
    .map(({ titles, sdks, ...area }) => ({ ...area, cases: titles.size, sdks: [...sdks].sort() }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}
