import { describeRoutes } from '../../test/support/describe-routes.ts'
import { routes } from './routes.ts'

const terms = {
  name: '云仓',
  scopes: ['order:read'],
  ips: ['203.0.113.7'],
  mustSign: true,
  perMinute: 60,
  perDay: 1_000,
}

describeRoutes(
  'gateway',
  routes,
  {
    createPartner: terms,
    updatePartner: { partnerId: 'p1', terms },
    listPartners: { size: 1 },
    rotateSecret: { partnerId: 'p1', endOthersNow: true },
    addSigningKey: { partnerId: 'p1' },
    revokeKey: { partnerId: 'p1', keyId: 'k1' },
    revokePartner: { partnerId: 'p1' },

    rotateTokenKeys: { endOthersNow: true },

    listDeliveries: { partnerId: 'p1', status: 'dead', size: 1 },
    replayDelivery: { deliveryId: 'd1' },
  },
  { refusesUnknownFields: true },
)
