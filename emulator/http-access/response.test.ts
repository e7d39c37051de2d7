import { describe, expect, it } from 'vitest'
import { toReply } from './response.ts'

describe('an integration response', () => {
  it('was refused when it had no body, as redirects have none', () => {
    const reply = toReply({ statusCode: 302, headers: { Location: 'https://example.com/' } })
    expect(reply).toMatchObject({ status: 302, headers: { location: 'https://example.com/' }, body: '' })
  })

  it.each([204, 304])('of status %i told the length of a body that is not sent', (statusCode) => {
    expect(toReply({ statusCode, body: 'never sent' })).toMatchObject({ status: statusCode, body: '' })
  })
})
