import { describe, expect, it } from 'vitest'
import { toHttpRequest } from './http.ts'

describe('toHttpRequest', () => {
  it('reads what HTTP access hands over, with names of headers in lower case and the body as it was sent', () => {
    const body = Buffer.from([0, 255, 10])
    const request = toHttpRequest({
      httpMethod: 'post',
      path: '/v1/orders',
      headers: { 'X-Nonce': 'n', 'content-length': 3 },
      queryStringParameters: { a: '1' },
      body: body.toString('base64'),
      isBase64Encoded: true,
    })
    expect(request).toEqual({
      method: 'POST',
      path: '/v1/orders',
      headers: { 'x-nonce': 'n', 'content-length': '3' },
      query: { a: '1' },
      body,
    })
  })

  it('takes a request without query, headers and body', () => {
    const bare = { method: 'GET', path: '/', headers: {}, query: {}, body: Buffer.alloc(0) }
    expect(toHttpRequest({ httpMethod: 'GET', path: '/' })).toEqual(bare)
    const odd = { httpMethod: 'GET', path: '/', headers: 'x', queryStringParameters: null, body: { a: 1 } }
    expect(toHttpRequest(odd)).toEqual(bare)
  })

  it.each([{}, { path: '/' }, { httpMethod: 'GET' }, { httpMethod: 7, path: '/' }])(
    'takes %o for something else',
    (event) => {
      expect(toHttpRequest(event)).toBeUndefined()
    },
  )
})
