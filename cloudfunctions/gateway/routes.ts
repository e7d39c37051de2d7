/** Table of contents of `gateway` for operators; what partners call is in `partner-routes.ts` and `rest/endpoints.ts`. */
import type { Routes } from '../_kernel/index.ts'
import { addSigningKey } from './partner/add-signing-key.ts'
import { createPartner } from './partner/create.ts'
import { listPartners } from './partner/list.ts'
import { revokePartner } from './partner/revoke.ts'
import { revokeKey } from './partner/revoke-key.ts'
import { rotateSecret } from './partner/rotate-secret.ts'
import { updatePartner } from './partner/update.ts'
import { rotateTokenKeys } from './token/rotate.ts'
import { listDeliveries } from './webhook/list-deliveries.ts'
import { replayDelivery } from './webhook/replay.ts'

export const routes = {
  createPartner,
  updatePartner,
  listPartners,
  rotateSecret,
  addSigningKey,
  revokeKey,
  revokePartner,

  rotateTokenKeys,

  listDeliveries,
  replayDelivery,
} satisfies Routes
