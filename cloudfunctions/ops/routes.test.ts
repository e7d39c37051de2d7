import { describeRoutes } from '../../test/support/describe-routes.ts'
import { routes } from './routes.ts'

describeRoutes(
  'ops',
  routes,
  {
    health: {},
    metrics: { fromMs: 0, toMs: 1, function: 'order', by: 'hour' },
    costReport: { month: '2026-01' },
    trouble: {},

    searchAudit: { actor: 'a', subject: 's', action: 'x', fromMs: 0, toMs: 1, size: 1 },
    verifyAudit: { chain: 'order' },

    features: {},
    listSettings: {},
    setSetting: { name: 'plan', value: 1, version: 1 },
    setFlag: { name: 'community', percent: 1, userIds: ['u1'], version: 1 },

    listDeadEvents: { size: 1 },
    replayDeadEvent: { eventId: 'e1' },
    dropDeadEvent: { eventId: 'e1', reason: 'test' },

    listBackups: { size: 1 },
    startBackup: { collections: ['orders'] },
    listRestores: { size: 1 },
    startRestore: { backupId: 'b1', collections: ['orders'] },
    continueRestore: { restoreId: 'r1' },
    switchRestore: { restoreId: 'r1', confirm: 'replace my data' },
    cancelRestore: { restoreId: 'r1' },

    exportMyData: {},
    exportUser: { userId: 'u1' },
    eraseUser: { userId: 'u1', confirm: 'erase this person' },
  },
  { refusesUnknownFields: true },
)
