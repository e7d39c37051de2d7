import type { Clock } from '../../core/clock.ts'
import type { Ids } from '../../core/ids.ts'
import type { Log } from '../../core/log.ts'
import type { State } from '../../core/state.ts'
import { createCloudIds } from '../open-data/cloud-ids.ts'
import type { MessagePush } from '../push/message-push.ts'
import type { OpenApiContext } from './api.ts'
import { createCustomerService } from './customer-service.ts'
import { createLinks } from './links.ts'
import { createMediaChecks } from './media-checks.ts'
import { createPhoneCodes } from './phone-codes.ts'
import { createRiskyWords } from './risky-words.ts'
import { createSubscriptions } from './subscriptions.ts'
import { createTempMedia } from './temp-media.ts'

/** Everything that open APIs act on. */
export function createServices(deps: {
  appid: string
  state: State
  clock: Clock
  ids: Ids
  log: Log
  push: MessagePush
  pages?(): string[] | undefined
}): OpenApiContext {
  const words = createRiskyWords(deps)
  return {
    appid: deps.appid,
    clock: deps.clock,
    ids: deps.ids,
    words,
    subscriptions: createSubscriptions(deps),
    phoneCodes: createPhoneCodes(deps),
    mediaChecks: createMediaChecks({ ...deps, words }),
    tempMedia: createTempMedia(deps),
    customerService: createCustomerService(deps),
    links: createLinks(deps),
    cloudIds: createCloudIds(deps),
    pages: () => deps.pages?.(),
  }
}
