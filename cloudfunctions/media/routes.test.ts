import { describeRoutes } from '../../test/support/describe-routes.ts'
import { routes } from './routes.ts'

describeRoutes(
  'media',
  routes,
  {
    grant: { policy: 'avatar', files: [{ type: 'image/png', bytes: 1 }] },
    confirm: { mediaId: 'med_1' },
    urls: { fileIds: ['cloud://env.bucket/media/avatar/a.png'] },
    mine: { size: 1 },
    remove: { mediaId: 'med_1' },

    reviewQueue: { state: 'review', size: 1 },
    judge: { mediaId: 'med_1', verdict: 'clean' },
  },
  { refusesUnknownFields: true },
)
