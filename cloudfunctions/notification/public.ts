/** What other capabilities may use of `notification`. */
export { consumers } from './consumers.ts'
export { cleanInbox } from './inbox/clean.ts'
export { cleanMessages } from './job/clean.ts'
export { retryMessages } from './job/retry.ts'
export { chinaTime, type MessageCode, type MessageValues } from './kinds.ts'
export { notify } from './notify.ts'
export { eraseUser, exportUser } from './privacy.ts'
