import * as z from 'zod'
import { text } from '../_kernel/index.ts'

/** What we keep about a person: the least that the shop needs. `_id` is the openid. */
export const userSchema = z.object({
  _id: text,
  _openid: text,
  unionid: z.string().nullable(),
  nickname: text,
  avatarFileId: z.string().nullable(),
  gender: z.enum(['unknown', 'male', 'female']),
  /** Digits without the country code, as WeChat vouched for them. */
  phone: z.string().nullable(),
  phoneCountryCode: z.string().nullable(),
  /** Which code the number came from, so that a repeated request is told apart from a used-up code. */
  phoneProof: z.string().nullable(),
  status: z.enum(['active', 'deleted']),
  createdAtMs: z.int(),
  lastLoginAtMs: z.int(),
  updatedAtMs: z.int(),
  deletedAtMs: z.int().nullable(),
  /** Why operators suspended the account. The kernel's ban list decides; this explains. */
  ban: z
    .object({
      reason: text,
      untilMs: z.int().nullable(),
      byUserId: text,
      atMs: z.int(),
    })
    .nullable(),
})

export type User = z.output<typeof userSchema>

export const defaultNickname = '微信用户'

export function newUser(openid: string, unionid: string | undefined, nowMs: number): User {
  return {
    _id: openid,
    _openid: openid,
    unionid: unionid ?? null,
    nickname: defaultNickname,
    avatarFileId: null,
    gender: 'unknown',
    phone: null,
    phoneCountryCode: null,
    phoneProof: null,
    status: 'active',
    createdAtMs: nowMs,
    lastLoginAtMs: nowMs,
    updatedAtMs: nowMs,
    deletedAtMs: null,
    ban: null,
  }
}

/** What stays of an account that was deleted: that it existed and when it ended. */
export function erased(user: User, nowMs: number): User {
  return {
    ...newUser(user._id, undefined, nowMs),
    nickname: '已注销用户',
    status: 'deleted',
    createdAtMs: user.createdAtMs,
    lastLoginAtMs: user.lastLoginAtMs,
    deletedAtMs: nowMs,
    // Kept: deleting the account and coming back must not wash a ban away.
    ban: user.ban,
  }
}

export interface Profile {
  userId: string
  nickname: string
  avatarFileId: string | null
  gender: User['gender']
  /** Masked: the middle digits never leave the server. */
  phone: string | null
  createdAtMs: number
}

export function profileOf(user: User): Profile {
  return {
    userId: user._id,
    nickname: user.nickname,
    avatarFileId: user.avatarFileId,
    gender: user.gender,
    phone: user.phone === null ? null : maskPhone(user.phone),
    createdAtMs: user.createdAtMs,
  }
}

/** `13800138000` -> `138****8000` */
export function maskPhone(phone: string): string {
  if (phone.length < 8) return `${phone.slice(0, 1)}****`
  return `${phone.slice(0, 3)}****${phone.slice(-4)}`
}

export const cloudFileId = z
  .string()
  .max(300)
  .regex(/^cloud:\/\/[^\s]+$/, 'a cloud file id begins with cloud://')
