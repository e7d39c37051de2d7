import { type Context, forgetTuning, refuse, runtimeSettings } from '../../_kernel/index.ts'

type Stored = ReturnType<typeof runtimeSettings.parse>

/** Writes a change if nobody made another since `version` was read; refuses STALE. In force everywhere within a minute. */
export async function changeTuning(
  ctx: Context,
  version: number,
  change: (stored: Stored) => Partial<Stored>,
): Promise<{ version: number }> {
  const nowMs = ctx.clock.nowMs()
  const next = await ctx.transaction(async (tx) => {
    const stored = (await tx.find(runtimeSettings, 'all')) ?? {
      _id: 'all',
      settings: {},
      flags: {},
      version: 0,
      updatedAtMs: 0,
    }
    if (stored.version !== version) refuse('STALE', { version: stored.version })
    const changed = { ...stored, ...change(stored), version: version + 1, updatedAtMs: nowMs }
    await tx.put(runtimeSettings, changed)
    return changed.version
  })
  await forgetTuning(ctx)
  return { version: next }
}

/** Without one entry. */
export function without<T>(entries: Record<string, T>, name: string): Record<string, T> {
  return Object.fromEntries(Object.entries(entries).filter(([key]) => key !== name))
}
