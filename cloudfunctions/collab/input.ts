import * as z from 'zod'
import { idInput } from '../_kernel/index.ts'

export const documentId = idInput
export const title = z.string().trim().min(1).max(60)
/** What a client calls itself: made once, kept on the device with what it has not sent yet. */
export const clientId = z.string().regex(/^[A-Za-z0-9_-]{8,40}$/)
