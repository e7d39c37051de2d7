import * as z from 'zod'
import { type ControlRoute, route } from '../route.ts'

/** Answers of open APIs that a person chooses: canned ones, media checks, open data behind cloud ids. */
export interface OpenApiPorts {
  canned: {
    list(): object[]
    set(answer: z.output<typeof cannedAnswer> & { name: string }): Promise<void>
    remove(name: string): Promise<void>
    clear(): Promise<void>
  }
  mediaChecks: {
    list(): object[]
    decide(traceId: string, decision: z.output<typeof verdict>): Promise<object>
    settings(): z.output<typeof checkSettings>
    setSettings(settings: z.output<typeof checkSettings>): Promise<void>
  }
  cloudIds: {
    issue(
      openid: string,
      type: z.output<typeof openDataType>,
      data?: Record<string, unknown>,
    ): Promise<object>
  }
  links: { list(): object[] }
}

const anyObject = z.record(z.string(), z.unknown())
const cannedAnswer = z.strictObject({
  errcode: z.number().int().optional().describe("the API's own, or the platform's below -600000"),
  errmsg: z.string().optional(),
  body: anyObject.optional().describe('fields of the reply, in snake_case'),
  binary: z.strictObject({ contentType: z.string(), base64: z.base64() }).optional(),
  times: z.number().int().min(1).optional().describe('forgotten after so many calls'),
})
const verdict = z.strictObject({
  suggest: z.enum(['pass', 'review', 'risky']),
  label: z.number().int().default(100),
  errcode: z.number().int().optional(),
  errmsg: z.string().optional(),
})
const checkSettings = z.strictObject({
  delayMs: z
    .number()
    .int()
    .min(0)
    .max(30 * 60_000)
    .default(2_000),
  hold: z.boolean().default(false),
})
const openDataType = z.enum(['phone', 'userInfo', 'weRunData', 'shareInfo'])

export function openApiRoutes(
  { canned, mediaChecks, cloudIds, links }: OpenApiPorts,
  openidOf: (userName: string) => string,
): ControlRoute[] {
  return [
    route({
      method: 'GET',
      path: '/control/openapi',
      summary: 'Canned answers of open APIs',
      handle: () => ({ answers: canned.list() }),
    }),
    route({
      method: 'PUT',
      path: '/control/openapi/{name}',
      summary: 'Lets an open API (wxacode.get) or a pay API (cloudPay.refund) give this answer',
      body: cannedAnswer,
      async handle({ body, params: { name = '' } }) {
        await canned.set({ ...body, name })
        return { answers: canned.list() }
      },
    }),
    route({
      method: 'DELETE',
      path: '/control/openapi/{name}',
      summary: 'Lets the API answer for itself again',
      async handle({ params: { name = '' } }) {
        await canned.remove(name)
        return { answers: canned.list() }
      },
    }),
    route({
      method: 'DELETE',
      path: '/control/openapi',
      summary: 'Lets all APIs answer for themselves again',
      async handle() {
        await canned.clear()
        return { answers: [] }
      },
    }),
    route({
      method: 'GET',
      path: '/control/media-checks',
      summary: 'Pictures and sounds under examination, and how long that takes',
      handle: () => ({ checks: mediaChecks.list(), settings: mediaChecks.settings() }),
    }),
    route({
      method: 'PUT',
      path: '/control/media-checks',
      summary: 'How long checks take, or that they wait for a decision by hand',
      body: checkSettings,
      async handle({ body }) {
        await mediaChecks.setSettings(body)
        return { settings: mediaChecks.settings() }
      },
    }),
    route({
      method: 'POST',
      path: '/control/media-checks/{traceId}',
      summary: 'Decides a check now; its result is pushed to the function of wxa_media_check',
      body: verdict,
      handle: ({ body, params: { traceId = '' } }) => mediaChecks.decide(traceId, body),
    }),
    route({
      method: 'POST',
      path: '/control/open-data',
      summary: "The user's page gets data under a cloud id; gives the id that the page receives",
      body: z.strictObject({ user: z.string(), type: openDataType, data: anyObject.optional() }),
      handle: ({ body: { user, type, data } }) => cloudIds.issue(openidOf(user), type, data),
    }),
    route({
      method: 'GET',
      path: '/control/links',
      summary: 'URL links and schemes that were made, latest first',
      handle: () => ({ links: links.list() }),
    }),
  ]
}
