import type { BuiltInRole, RouteRow } from './read-routes.ts'

const words: Record<string, string> = {
  public: 'anybody',
  user: 'every user',
  internal: 'our own functions',
  timer: 'the timer',
}

/** The page that says who may call what: `docs/access.md`. Made of what the routes and the built-in roles declare. */
export function accessPage(rows: readonly RouteRow[], roles: readonly BuiltInRole[]): string {
  const functions = [...new Set(rows.map(functionOf))].sort()
  return [
    '# Who may call what',
    '',
    'Made by `npm run routes -- --write` from the declarations of the routes and the built-in roles; a test says when it is old.',
    'An administrator (`admin`, or named in `ADMIN_OPENIDS`) may call everything that a role may. Whoever is banned may call',
    'nothing but what is open to anybody.',
    '',
    '## Roles',
    '',
    ...table(
      ['role', 'title', 'may'],
      roles.map(({ _id, title, permissions }) => [
        code(_id),
        title,
        permissions.includes('*') ? 'everything' : permissions.map(code).join(', '),
      ]),
    ),
    ...functions.flatMap((name) => [
      '',
      `## ${name}`,
      '',
      ...table(
        ['route', 'who', 'permission', 'promises', 'does'],
        rows
          .filter((row) => functionOf(row) === name)
          .map((row) => [code(row.route), who(row, roles), permission(row), row.promises, row.summary]),
      ),
    ]),
    '',
  ].join('\n')
}

function who({ access }: RouteRow, roles: readonly BuiltInRole[]): string {
  const word = words[access]
  if (word !== undefined) return word
  const holders = roles.filter(({ permissions }) => permissions.includes(access)).map(({ _id }) => _id)
  return holders.length === 0 ? 'administrators' : holders.join(', ')
}

function permission({ access }: RouteRow): string {
  return access.includes(':') ? code(access) : ''
}

function functionOf({ route }: RouteRow): string {
  return route.split('/')[0] ?? route
}

function table(head: string[], rows: string[][]): string[] {
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)]
}

function code(text: string): string {
  return `\`${text}\``
}
