import { isLive, type Partner } from './model.ts'

/** What operators see of a partner. */
export function forOperator(partner: Partner, nowMs: number) {
  const { _id, secrets, signingKeys, requestHash, ...rest } = partner
  const keysOf = (keys: Partner['secrets']) =>
    keys.map(({ keyId, createdAtMs, endsAtMs }) => ({ keyId, createdAtMs, endsAtMs }))
  return {
    partnerId: _id,
    ...rest,
    secrets: keysOf(secrets.filter((key) => isLive(key, nowMs))),
    signingKeys: keysOf(signingKeys.filter((key) => isLive(key, nowMs))),
  }
}
