import type { Instance } from '../machine/state.ts'

/** A line of a list. */
export function summaryOf({ _id, _openid, definitionKey, version, title, status, ...rest }: Instance) {
  const { createdAtMs, endedAtMs, tokens } = rest
  return {
    instanceId: _id,
    initiator: _openid,
    definitionKey,
    version,
    title,
    status,
    createdAtMs,
    endedAtMs,
    nodeIds: tokens.map(({ nodeId }) => nodeId),
  }
}
