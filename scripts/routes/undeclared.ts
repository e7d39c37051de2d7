import type { RouteRow } from './read-routes.ts'

const ACCESS = /^(?:public|user|internal|timer|[a-z][a-z-]*:[a-z][a-z-]*)$/

/**
 * Routes that do not say who may call them, or what they do; one line of text each. The compiler refuses them too, but
 * nothing makes anybody ask it before a build.
 */
export function undeclared(rows: readonly RouteRow[]): string[] {
  return rows.flatMap(({ route, access, summary }) => {
    const faults: string[] = []
    if (typeof access !== 'string' || !ACCESS.test(access)) {
      faults.push(`${route} does not declare who may call it (access: ${String(access)})`)
    }
    if (typeof summary !== 'string' || summary.trim() === '') faults.push(`${route} has no summary`)
    return faults
  })
}
