import { describeRoutes } from '../../test/support/describe-routes.ts'
import { routes } from './routes.ts'

const documentId = 'doc_1'
const clientId = 'client-1'

describeRoutes(
  'collab',
  routes,
  {
    create: { title: '周会' },
    list: { size: 1 },
    detail: { documentId },
    rename: { documentId, title: '周会' },
    remove: { documentId },

    invite: { documentId, role: 'editor' },
    join: { code: 'doc_12345.abcdefghijklmnopqrstuvwx' },
    setMember: { documentId, userId: 'o1', role: 'viewer' },
    removeMember: { documentId, userId: 'o1' },

    push: { documentId, clientId, clock: 1, update: 'AAA=' },
    pull: { documentId, since: 0, snapshot: { id: 'snp_1', part: 0 } },
    present: { documentId, clientId, state: '{}' },
    absent: { documentId, clientId },

    saveVersion: { documentId, name: '初稿' },
    versions: { documentId },
    readVersion: { documentId, versionId: 'ver_1', part: 0 },
    restore: { documentId, versionId: 'ver_1' },
  },
  { refusesUnknownFields: true },
)
