/** What mini programs reach over HTTP: functions, database and storage as a user, and the `wx.cloud` that uses them. */
import type { HttpRoute } from '../core/http.ts'
import { clientFunction, type FunctionsDeps } from './functions.ts'
import { clientAction, type ServicesDeps } from './services.ts'

export interface ClientDeps extends FunctionsDeps, ServicesDeps {
  /** The code of `/client/wx-cloud.js`. */
  script(): Promise<string>
}

export function createClient(deps: ClientDeps): { routes: HttpRoute[] } {
  return {
    routes: [
      {
        method: 'POST',
        path: /^\/client\/functions\/([^/]+)$/,
        handle: ({ request, params: [name = ''] }) => clientFunction(deps, name, request),
      },
      {
        method: 'POST',
        path: /^\/client\/(database|storage)$/,
        handle: ({ request, params: [service] }) =>
          clientAction(deps, service === 'storage' ? 'storage' : 'database', request),
      },
      {
        method: 'GET',
        path: /^\/client\/wx-cloud\.js$/,
        handle: async () => ({ contentType: 'text/javascript; charset=utf-8', body: await deps.script() }),
      },
    ],
  }
}
