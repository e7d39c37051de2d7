import { type Context, callOutside } from '../_kernel/index.ts'
import { readFlow } from './definition/store.ts'
import type { Effect } from './machine/command.ts'
import type { Instance } from './machine/state.ts'

/**
 * Tells a partner's system that an approval has come to a node; whether it said that it heard. It may be told again and
 * knows by the `Idempotency-Key` that it was told before.
 */
export async function callWebhook(
  ctx: Context,
  instance: Instance,
  { nodeId, tokenId }: Extract<Effect, { kind: 'call' }>,
): Promise<boolean> {
  const { get } = await readFlow(ctx, instance.definitionKey, instance.version)
  const node = get(nodeId)
  if (node.kind !== 'webhook') return false
  const { _id: instanceId, definitionKey, version, title, form, _openid: initiator } = instance
  const body = JSON.stringify({ instanceId, nodeId, definitionKey, version, title, initiator, form })
  try {
    await callOutside(`approval-webhook:${new URL(node.url).host}`, async () => {
      const response = await fetch(node.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': `${instanceId}-${tokenId}` },
        body,
        // What was published is what is called.
        redirect: 'error',
      })
      if (!response.ok) throw new Error(`answered ${response.status}`)
    })
    return true
  } catch (cause) {
    ctx.log.warn({ cause, instanceId, nodeId }, 'a webhook did not take the call')
    return false
  }
}
