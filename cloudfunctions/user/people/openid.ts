import * as z from 'zod'

/** Somebody's user id in an operator's input. */
export const openid = z.string().regex(/^[\w-]{1,64}$/, 'not a user id')
