/** A phone with pictures, for the tests of `media`. */
import { deflateSync } from 'node:zlib'
import * as z from 'zod'
import { type UnitCloud, type UnitCloudOptions, unitCloud } from '../../test/support/unit.ts'
import { defineFunction, defineRoute } from '../_kernel/index.ts'
import type { PolicyName } from './policies.ts'
import { attachMedia, detachMedia } from './public.ts'

export interface Stored {
  mediaId: string
  state: string
  fileId: string
  type: string
  bytes: number
  uses: number
}

export interface Studio {
  cloud: UnitCloud
  grant(name: string, policy?: PolicyName, type?: string): Promise<{ mediaId: string; cloudPath: string }>
  /** What `wx.cloud.uploadFile` leaves in the storage. */
  put(cloudPath: string, content: Buffer): Promise<void>
  /** Grant, upload and confirm. */
  upload(name: string, policy?: PolicyName, content?: Buffer): Promise<Stored>
  isThere(fileIdOrPath: string): Promise<boolean>
  attach(name: string, fileId: string, subject: string, policy?: PolicyName): Promise<string | undefined>
  detach(fileId: string, subject: string): Promise<void>
  /** WeChat's verdict on the latest check of a file. */
  verdict(mediaId: string, suggest: string, event?: object): Promise<unknown>
  job(job: string): Promise<void>
}

export const PNG = Buffer.concat([
  Buffer.from('\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR', 'latin1'),
  deflateSync(Buffer.alloc(64)),
])
export const JPEG = Buffer.from('\xff\xd8\xff\xe0\x00\x10JFIF\x00', 'latin1')

/** What stands in other functions' place: it has files in its own transactions, and reaches the storage past all rules. */
const neighbour = defineFunction('neighbour', {
  put: defineRoute({
    summary: 'Uploads',
    input: z.strictObject({ cloudPath: z.string(), content: z.base64() }),
    access: 'user',
    handle: ({ cloudPath, content }, ctx) =>
      ctx.cloud.uploadFile({ cloudPath, fileContent: Buffer.from(content, 'base64') }),
  }),
  isThere: defineRoute({
    summary: 'Looks whether there is a file',
    input: z.strictObject({ fileId: z.string() }),
    access: 'user',
    async handle({ fileId }, ctx) {
      const { fileList } = await ctx.cloud.getTempFileURL({ fileList: [fileId] })
      return fileList[0]?.status === 0
    },
  }),
  attach: defineRoute({
    summary: 'Uses a file',
    input: z.strictObject({ fileId: z.string(), subject: z.string(), policy: z.string() }),
    access: 'user',
    async handle({ fileId, subject, policy }, ctx) {
      const use = { fileIds: [fileId], subject, ownerId: ctx.userId, policy: policy as PolicyName }
      await ctx.transaction((tx) => attachMedia(tx, use))
    },
  }),
  detach: defineRoute({
    summary: 'Uses a file no more',
    input: z.strictObject({ fileId: z.string(), subject: z.string() }),
    access: 'user',
    handle: ({ fileId, subject }, ctx) =>
      ctx.transaction((tx) => detachMedia(tx, { fileIds: [fileId], subject })),
  }),
})

export async function openStudio(functions: UnitCloudOptions['functions'] = {}): Promise<Studio> {
  const cloud = await unitCloud({ functions: { neighbour: async () => ({ main: neighbour }), ...functions } })
  const admin = cloud.as('admin')
  const put = async (cloudPath: string, content: Buffer) => {
    await admin.ok('neighbour/put', { cloudPath, content: content.toString('base64') })
  }
  const grant: Studio['grant'] = async (name, policy = 'post', type = 'image/png') => {
    const input = { policy, files: [{ type, bytes: 100 }] }
    const { files } = await cloud
      .as(name)
      .ok<{ files: { mediaId: string; cloudPath: string }[] }>('media/grant', input)
    return files[0] ?? { mediaId: '', cloudPath: '' }
  }
  return {
    cloud,
    put,
    grant,
    async upload(name, policy, content = PNG) {
      const { mediaId, cloudPath } = await grant(name, policy)
      await put(cloudPath, content)
      return cloud.as(name).ok('media/confirm', { mediaId })
    },
    isThere(file) {
      const fileId = file.startsWith('cloud:') ? file : `cloud://local.any/${file}`
      return admin.ok('neighbour/isThere', { fileId })
    },
    async attach(name, fileId, subject, policy = 'post') {
      const reply = await cloud.as(name).call('neighbour/attach', { fileId, subject, policy })
      return 'error' in reply ? reply.error : undefined
    },
    async detach(fileId, subject) {
      await admin.ok('neighbour/detach', { fileId, subject })
    },
    async verdict(mediaId, suggest, event = {}) {
      const media = await cloud.collection('media_files').get(mediaId)
      const pushed = { MsgType: 'event', Event: 'wxa_media_check', trace_id: media?.traceId, errcode: 0 }
      return cloud.asPlatform('media', { ...pushed, result: { suggest, label: 100 }, ...event })
    },
    async job(job) {
      await admin.ok('scheduler/run', { job })
    },
  }
}
