import { describeRoutes } from '../../test/support/describe-routes.ts'
import { routes } from './routes.ts'

describeRoutes('scheduler', routes, {
  jobs: {},
  runs: { job: 'sweep', size: 1 },
  run: { job: 'sweep' },
})
