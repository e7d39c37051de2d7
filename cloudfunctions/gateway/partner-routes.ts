/** What partners call of the gateway itself, with the shape of each answer. */
import * as z from 'zod'
import { type PartnerRoutes, text } from '../_kernel/index.ts'
import { me } from './partner/me.ts'
import { createEndpoint } from './webhook/create-endpoint.ts'
import { listOwnDeliveries } from './webhook/list-deliveries.ts'
import { listEndpoints } from './webhook/list-endpoints.ts'
import { deliverySchema, endpointSchema } from './webhook/model.ts'
import { removeEndpoint } from './webhook/remove-endpoint.ts'
import { replayOwnDelivery } from './webhook/replay.ts'
import { rotateEndpointSecret } from './webhook/rotate-secret.ts'

const count = z.int()
const withSecret = z.object({ endpointId: text, secret: text })
const endpoint = endpointSchema
  .pick({ url: true, events: true, status: true, createdAtMs: true })
  .extend({ endpointId: text })
const delivery = deliverySchema
  .omit({ _id: true, stream: true, position: true, payload: true, expiresAtMs: true })
  .extend({ deliveryId: text })

export const partnerRoutes = {
  me: {
    route: me,
    answer: z.object({
      partnerId: text,
      name: text,
      scopes: z.array(text),
      perMinute: count,
      perDay: count,
      dayLeft: count,
    }),
  },
  createEndpoint: { route: createEndpoint, answer: withSecret },
  listEndpoints: { route: listEndpoints, answer: z.object({ items: z.array(endpoint) }) },
  removeEndpoint: { route: removeEndpoint, answer: z.object({ endpointId: text, removed: z.boolean() }) },
  rotateEndpointSecret: { route: rotateEndpointSecret, answer: withSecret },
  listOwnDeliveries: {
    route: listOwnDeliveries,
    answer: z.object({ items: z.array(delivery), nextCursor: z.string().nullable() }),
  },
  replayOwnDelivery: {
    route: replayOwnDelivery,
    answer: z.object({ deliveryId: text, status: z.literal('pending') }),
  },
} satisfies PartnerRoutes
