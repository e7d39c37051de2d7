import { refuse } from '../../_kernel/index.ts'
import { knownScopes } from '../rest/endpoints.ts'

/** Refuses SCOPE_UNKNOWN for what no endpoint asks for: a slip would otherwise show only when the partner calls. */
export async function assertScopes(scopes: readonly string[]): Promise<void> {
  const known = await knownScopes()
  const unknown = scopes.filter((scope) => !known.includes(scope))
  if (unknown.length > 0) refuse('SCOPE_UNKNOWN', { unknown, known })
}
