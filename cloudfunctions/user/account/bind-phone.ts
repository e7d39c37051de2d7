import * as z from 'zod'
import { type Context, callOutside, defineRoute, derivedId, refuse } from '../../_kernel/index.ts'
import { profileOf, type User } from '../model.ts'
import { getActiveUser, users } from '../store.ts'

/** WeChat: the code is wrong, was used, or is older than five minutes. */
const INVALID_CODE = 40029

/** The SDK turns the reply's keys to camelCase. */
const phoneReply = z.object({
  phoneInfo: z.object({ purePhoneNumber: z.string().min(5), countryCode: z.coerce.string() }),
})

/**
 * user/bindPhone: exchanges the one-time code of `<button open-type="getPhoneNumber">` for the number. A repeat of the
 * request that used the code up finds the number it bound.
 */
export const bindPhone = defineRoute({
  summary: 'Bind the phone number that WeChat vouches for',
  input: z.object({ code: z.string().min(1).max(200) }),
  access: 'user',
  rateLimit: { limit: 5, perMs: 60_000 },

  async handle({ code }, ctx) {
    const user = await getActiveUser(ctx)
    const proof = derivedId('phone', user._id, code)
    if (user.phoneProof === proof) return profileOf(user)
    const { purePhoneNumber, countryCode } = await exchange(ctx, code)
    const changed: User = {
      ...user,
      phone: purePhoneNumber,
      phoneCountryCode: countryCode,
      phoneProof: proof,
      updatedAtMs: ctx.clock.nowMs(),
    }
    // The account may have been deleted meanwhile; a deleted one must not get a number back.
    const { phone, phoneCountryCode, phoneProof, updatedAtMs } = changed
    const bound = await ctx.db.updateIf(
      users,
      user._id,
      { status: 'active' },
      { phone, phoneCountryCode, phoneProof, updatedAtMs },
    )
    if (!bound) refuse('ACCOUNT_DELETED')
    return profileOf(changed)
  },
})

async function exchange(ctx: Context, code: string): Promise<z.output<typeof phoneReply>['phoneInfo']> {
  try {
    const reply = await callOutside('wechat.phonenumber', () => callWechat(ctx, code))
    return phoneReply.parse(reply).phoneInfo
  } catch (error) {
    if (isInvalidCode(error)) return refuse('PHONE_CODE_INVALID', undefined, error)
    throw error
  }
}

async function callWechat(ctx: Context, code: string): Promise<unknown> {
  const getPhoneNumber = ctx.cloud.openapi.phonenumber?.getPhoneNumber
  if (!getPhoneNumber) throw new Error('wx-server-sdk without openapi.phonenumber.getPhoneNumber')
  return getPhoneNumber({ code })
}

function isInvalidCode(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'errCode' in error && error.errCode === INVALID_CODE
}
