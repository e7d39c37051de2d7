/** The page that tests of the web SDK drive: the real SDK, in the page's global scope, pointed at a local cloud. */
import cloudbase from '@cloudbase/js-sdk'

type App = ReturnType<typeof cloudbase.init>

declare global {
  var app: App
  var db: ReturnType<App['database']>
  /** @param url of the local cloud */
  var connect: (url: string, endPointMode?: 'GATEWAY' | 'CLOUD_API') => App
}

globalThis.connect = (url, endPointMode) => {
  const app = cloudbase.init({ env: 'local', endPointMode })
  app.registerHost(new URL(url).host, 'http')
  globalThis.app = app
  globalThis.db = app.database()
  return app
}
