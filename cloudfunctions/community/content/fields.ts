/** The parts that posts, drafts and comments have in common. */
import * as z from 'zod'
import { idInput, text } from '../../_kernel/index.ts'

export const IMAGES_MAX = 9
export const MENTIONS_MAX = 10
export const TEXT_MAX = 2_000

export const fileId = z
  .string()
  .max(300)
  .regex(/^cloud:\/\/[^\s]+$/, 'a cloud file id begins with cloud://')

/** Who wrote it, as they were called then; a change of name reaches it by an event. */
export const authorSchema = z.object({ userId: text, nickname: text, avatarFileId: z.string().nullable() })

export const mentionSchema = z.object({ userId: text, nickname: text })
export const mentionsInput = z.array(idInput).max(MENTIONS_MAX).default([])

export const placeInput = z.strictObject({
  name: z.string().trim().min(1).max(60),
  longitude: z.number().min(-180).max(180),
  latitude: z.number().min(-90).max(90),
})

/** The SDK gives points back as objects of its own, with a longitude and a latitude; aggregations as they are stored. */
const pointSchema = z.preprocess(
  (stored) =>
    typeof stored === 'object' && stored !== null && 'longitude' in stored && 'latitude' in stored
      ? { type: 'Point', coordinates: [stored.longitude, stored.latitude] }
      : stored,
  z.object({ type: z.literal('Point'), coordinates: z.tuple([z.number(), z.number()]) }),
)

export const placeSchema = z.object({ name: text, point: pointSchema })
export type Place = z.output<typeof placeSchema>

export function toPlace({ name, longitude, latitude }: z.output<typeof placeInput>): Place {
  return { name, point: { type: 'Point', coordinates: [longitude, latitude] } }
}

/** What a post, and a draft of one, is made of. */
export const postFields = {
  text: z.string().trim().max(TEXT_MAX).default(''),
  images: z.array(fileId).max(IMAGES_MAX).default([]),
  place: placeInput.nullable().default(null),
  mentionUserIds: mentionsInput,
}

export function excerptOf(content: string): string {
  const characters = [...content]
  return characters.length > 20 ? `${characters.slice(0, 20).join('')}…` : content
}
