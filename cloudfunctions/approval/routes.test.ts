import { describeRoutes } from '../../test/support/describe-routes.ts'
import { endNode, startNode } from './office.fixture.ts'
import { routes } from './routes.ts'

const instance = { instanceId: 'apv_1', comment: 'fine' }
const task = { ...instance, taskId: 1 }
const content = { title: 'Leave', description: '', fields: [], nodes: [startNode('end'), endNode] }

describeRoutes(
  'approval',
  routes,
  {
    startable: { size: 1 },
    form: { key: 'leave' },
    start: { key: 'leave', version: 1, form: {}, chosen: {}, title: 'x', comment: 'x' },

    approve: task,
    reject: task,
    sendBack: { ...task, toNode: 'start' },
    resubmit: { ...task, form: {}, chosen: {} },
    withdraw: instance,
    transfer: { ...task, toUser: 'u1' },
    delegate: { ...task, toUser: 'u1' },
    giveBack: task,
    addSigners: { ...task, place: 'before', userIds: ['u1'] },
    removeSigner: task,
    copyTo: { ...instance, userIds: ['u1'] },
    urge: instance,
    comment: instance,

    todo: { size: 1 },
    done: { size: 1 },
    mine: { size: 1, status: 'running' },
    copies: { size: 1 },
    counts: {},
    markRead: { instanceId: 'apv_1', taskId: 1 },
    detail: { instanceId: 'apv_1' },
    history: { instanceId: 'apv_1', size: 1 },

    definitions: { size: 1 },
    definition: { key: 'leave', version: 1 },
    saveDefinition: { key: 'leave', content, revision: 0 },
    publishDefinition: { key: 'leave', revision: 1 },
    setDefinitionOpen: { key: 'leave', isOpen: false },
    all: { size: 1, key: 'leave', status: 'running' },
    terminate: instance,
    reassign: { ...task, toUser: 'u1' },
    verify: { instanceId: 'apv_1' },
  },
  { refusesUnknownFields: true },
)
