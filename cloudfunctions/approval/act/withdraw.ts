import { actRoute } from './act-route.ts'

/** `approval/withdraw`: the initiator takes it back, for as long as its definition lets them. */
export const withdraw = actRoute({
  summary: 'Takes back an approval of mine',
  input: {},
  action: () => ({ kind: 'withdraw' }),
})
