import { api } from './api/index'
import { startTransport } from './api/transport'
import { tell } from './ui/failure'

App({
  onLaunch() {
    startTransport()
    // Makes the account on the very first start; pages do not wait for it.
    api.user.login().catch(tell)
  },
})
