/** What other capabilities may use of `payment`. */
export { refundFailed, refundSucceeded } from './events.ts'
