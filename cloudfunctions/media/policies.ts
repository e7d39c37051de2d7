/** What may be uploaded for which purpose: by whom, how much, and who sees it. A new purpose is one entry here. */
import type { Permission } from '../_kernel/index.ts'
import type { FileType } from './upload/file-type.ts'

export interface Policy {
  /** Besides being signed in; undefined lets everybody. */
  needs?: Permission
  types: readonly FileType[]
  maxBytes: number
  /** Files in one grant. */
  atOnce: number
  /** Files of one user in a day of China. */
  perDay: number
  /** Everybody may read a public file by its id; a private one is opened by its owner and by functions alone. */
  isPublic: boolean
  /** `scene` of WeChat's check: 1 profile, 2 comment, 3 forum, 4 social log. Undefined leaves the picture unchecked. */
  checkScene?: 1 | 2 | 3 | 4
}

const MB = 1024 * 1024
const photos = ['image/jpeg', 'image/png', 'image/webp'] as const
const papers = [
  'application/pdf',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
] as const

export const policies = {
  avatar: {
    types: photos,
    maxBytes: 2 * MB,
    atOnce: 1,
    perDay: 10,
    isPublic: true,
    checkScene: 1,
  },
  /** Pictures of posts. The community judges them with the post, so they are not checked twice. */
  post: {
    types: [...photos, 'image/gif'],
    maxBytes: 5 * MB,
    atOnce: 9,
    perDay: 100,
    isPublic: true,
  },
  product: {
    needs: 'catalog:edit',
    types: photos,
    maxBytes: 5 * MB,
    atOnce: 9,
    perDay: 1_000,
    isPublic: true,
  },
  /** What is shown to a few: after-sale evidence, papers of an approval. */
  attachment: {
    types: [...photos, ...papers],
    maxBytes: 10 * MB,
    atOnce: 9,
    perDay: 50,
    isPublic: false,
  },
  /** Pictures in shared documents. */
  document: {
    types: photos,
    maxBytes: 5 * MB,
    atOnce: 9,
    perDay: 100,
    isPublic: false,
    checkScene: 4,
  },
} satisfies Record<string, Policy>

export type PolicyName = keyof typeof policies

export const policyNames = Object.keys(policies) as [PolicyName, ...PolicyName[]]

export function policyOf(name: PolicyName): Policy {
  return policies[name]
}
