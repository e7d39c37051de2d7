/** What other capabilities may use of `collab`. */
import type { Consumer } from '../_kernel/index.ts'
import { leaveOnUserDeleted } from './on-user-deleted.ts'

export { cleanCollab, compactDocuments } from './jobs.ts'
export { exportUser } from './privacy.ts'

/** How this capability reacts to events; listed in `_events/subscriptions.ts`. */
export const consumers: Consumer[] = [leaveOnUserDeleted]
