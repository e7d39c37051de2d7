import { type OpenApi, OpenApiError } from './api.ts'

/** `phonenumber.getPhoneNumber`: the number behind a code that the user's tap on the button gave. */
export const phonenumberGetPhoneNumber: OpenApi = async (call, ctx) => {
  const { code } = call.arguments
  if (typeof code !== 'string' || code === '') throw new OpenApiError(40029, 'invalid code')
  const issued = await ctx.phoneCodes.redeem(code)
  if (!issued) throw new OpenApiError(40029, 'invalid code')
  return {
    phone_info: {
      phoneNumber: issued.phoneNumber,
      purePhoneNumber: issued.phoneNumber,
      countryCode: '86',
      watermark: { timestamp: Math.floor(ctx.clock.nowMs() / 1000), appid: ctx.appid },
    },
  }
}
