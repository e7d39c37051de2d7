import { expect } from 'vitest'
import { compareFailure, settle } from '../outcome.ts'
import type { WechatCase, WechatSdk, World } from './case.ts'

/** Runs one case on one SDK, whatever stands behind it. */
export async function checkCase(
  { before, run, returns, fails }: WechatCase,
  sdk: WechatSdk,
  world: World,
): Promise<void> {
  const given = await before?.(sdk, world)
  const outcome = await settle(() => run(sdk, world.openid, given))
  if (fails) compareFailure(outcome.error, fails)
  else expect(outcome).toEqual({ value: returns })
}
