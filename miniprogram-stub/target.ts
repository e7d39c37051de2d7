/**
 * Where the calls go: the one line to change between the local cloud and CloudBase.
 *
 * `local` talks to `npm start` on this machine as the named demo user; switch off the check of request domains in
 * WeChat DevTools for it. `cloudbase` talks to your environment as the user who is signed in to WeChat.
 */
export type Target = { kind: 'local'; url: string; user: string } | { kind: 'cloudbase'; env: string }

// The annotation keeps both kinds in the type, whichever is chosen.
export const target = { kind: 'local', url: 'http://127.0.0.1:9527', user: 'buyer1' } as Target
