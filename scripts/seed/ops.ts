/** What the demo's operators have switched on. */

/** Calls a route as a user; see `seed.ts`. */
type Call = <T>(user: string, route: string, data: unknown, label?: string) => Promise<T>

/** Changes nothing where somebody has set something already. */
export async function seedOps(call: Call): Promise<void> {
  const { version } = await call<{ version: number }>('admin', 'ops/listSettings', {})
  const flags = [
    { name: 'community', percent: 100, userIds: [] },
    { name: 'collab', percent: 50, userIds: [] },
  ]
  for (const [at, flag] of flags.entries()) {
    if (version <= at) await call('admin', 'ops/setFlag', { ...flag, version: at })
  }
}
