import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { functionNames } from './build/function-names.ts'
import { repoDir } from './build/repo-dir.ts'
import { accessPage } from './routes/access-page.ts'
import { type RouteRow, readRoles, readRoutes } from './routes/read-routes.ts'

/** Prints every route of every function: who may call it and what it promises. */
const usage = `npm run routes -- [--json | --markdown | --write] [function ...]
  --markdown  as a page for people, with the roles
  --write     the same into docs/access.md`

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    markdown: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

const unknown = positionals.filter((name) => !functionNames(repoDir).includes(name))
if (options.help) console.log(usage)
else if (unknown.length > 0) {
  console.error(`No such function: ${unknown.join(', ')}. There are ${functionNames(repoDir).join(', ')}.`)
  process.exitCode = 2
} else {
  const rows = await readRoutes(repoDir, positionals.length > 0 ? positionals : functionNames(repoDir))
  if (options.write)
    writeFileSync(join(repoDir, 'docs/access.md'), accessPage(rows, await readRoles(repoDir)))
  else if (options.markdown) console.log(accessPage(rows, await readRoles(repoDir)))
  else if (options.json) console.log(JSON.stringify(rows))
  else print(rows)
}

function print(rows: RouteRow[]): void {
  const widths = {
    route: widest(rows, 'route'),
    access: widest(rows, 'access'),
    promises: widest(rows, 'promises'),
  }
  for (const row of rows) {
    console.log(
      `${row.route.padEnd(widths.route)}  ${row.access.padEnd(widths.access)}  ${row.promises.padEnd(widths.promises)}  ${row.summary}`.trimEnd(),
    )
  }
}

function widest(rows: RouteRow[], column: 'route' | 'access' | 'promises'): number {
  return Math.max(0, ...rows.map((row) => row[column].length))
}
