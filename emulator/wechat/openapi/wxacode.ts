/** `wxacode.*`: pictures that open a page of the mini program. Ours are QR codes that say page and scene in clear text. */
import { toBuffer } from 'qrcode'
import * as z from 'zod'
import { type OpenApi, type OpenApiContext, OpenApiError, OpenApiFile } from './api.ts'

const LONGEST_PATH_BYTES = 1024
const NARROWEST_PX = 280
const WIDEST_PX = 1280
const DEFAULT_PX = 430
/** What a scene may consist of; `%` is not among it, so that Chinese cannot be percent-encoded into one. */
const SCENE = /^[0-9A-Za-z!#$&'()*+,/:;=?@\-._~]+$/
const LONGEST_SCENE = 32

/** `wxacode.getUnlimited`: by a scene of 32 characters, as many codes as one likes. */
export const wxacodeGetUnlimited: OpenApi = async ({ arguments: given }, ctx) => {
  const { scene, page, check_path: checkPath = true } = given
  if (typeof scene !== 'string' || scene === '' || scene.length > LONGEST_SCENE)
    throw new OpenApiError(40169, 'invalid length for scene, or the data is not json string')
  if (!SCENE.test(scene)) throw new OpenApiError(40129, 'invalid scene')
  const version = envVersionOf(given.env_version)
  const opened = page === undefined || page === '' ? (ctx.pages()?.[0] ?? '') : page
  if (typeof opened !== 'string' || /[?&]/.test(opened) || opened.startsWith('/'))
    throw new OpenApiError(41030, 'invalid page')
  if (checkPath !== false) assertPage(opened, ctx)
  return picture(`${opened}?scene=${encodeURIComponent(scene)}${version}`, given)
}

/** `wxacode.get`: by a path with its query; 100,000 codes in all, which are not counted here. */
export const wxacodeGet: OpenApi = async ({ arguments: given }) => {
  const path = pathOf(given.path)
  return picture(`${path}${envVersionOf(given.env_version)}`, given)
}

/** `wxacode.createQRCode`: the same as a square code, always black on white. */
export const wxacodeCreateQrCode: OpenApi = async ({ arguments: given }) =>
  picture(pathOf(given.path), { width: given.width })

function pathOf(path: unknown): string {
  if (typeof path !== 'string' || path === '' || Buffer.byteLength(path) > LONGEST_PATH_BYTES)
    throw new OpenApiError(40159, 'invalid length for path, or the data is not json string')
  return path
}

function assertPage(page: string, ctx: OpenApiContext): void {
  const pages = ctx.pages()
  if (pages && !pages.includes(page)) throw new OpenApiError(41030, 'invalid page')
}

function envVersionOf(given: unknown): string {
  if (given === undefined || given === '' || given === 'release') return ''
  if (given !== 'trial' && given !== 'develop') throw new OpenApiError(40097, 'invalid args')
  return `#${given}`
}

const channel = z.coerce.number().int().min(0).max(255)
const look = z.object({
  width: z.coerce.number().optional(),
  auto_color: z.boolean().optional(),
  line_color: z.object({ r: channel, g: channel, b: channel }).optional(),
  is_hyaline: z.boolean().optional(),
})

/** A PNG under the label that WeChat gives all its codes: programs store the buffer under a name of their own. */
async function picture(text: string, given: Record<string, unknown>): Promise<OpenApiFile> {
  const parsed = look.safeParse(given)
  if (!parsed.success) throw new OpenApiError(40097, 'invalid args')
  const { width = DEFAULT_PX, auto_color: isAuto, line_color: line, is_hyaline: isClear } = parsed.data
  const { r, g, b } = (!isAuto && line) || { r: 0, g: 0, b: 0 }
  const bytes = await toBuffer(text, {
    type: 'png',
    width: Math.min(Math.max(Math.round(width), NARROWEST_PX), WIDEST_PX),
    margin: 2,
    color: {
      dark: `#${Buffer.from([r, g, b, 255]).toString('hex')}`,
      light: isClear ? '#ffffff00' : '#ffffffff',
    },
  })
  return new OpenApiFile('image/jpeg', bytes)
}
