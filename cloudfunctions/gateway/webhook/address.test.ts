import { describe, expect, it } from 'vitest'
import { isPublicAddress, publicLookup, whyNotTo } from './address.ts'

describe('webhooks', () => {
  it.each([
    'https://hooks.example.com/a?b=c',
    'https://8.8.8.8/',
    'https://hooks.example.com:8443/',
    'https://[2606:4700::1111]/',
  ])('may go to %s', (url) => {
    expect(whyNotTo(url, false)).toBeUndefined()
  })

  it.each([
    'http://hooks.example.com/',
    'file:///etc/passwd',
    'hooks.example.com',
    'https://user:secret@hooks.example.com/',
    'https://hooks.example.com/#x',
    'https://localhost/',
    'https://a.localhost/',
    'https://intranet/',
    'https://db.internal/',
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://0/',
    'https://10.1.2.3/',
    'https://172.31.255.255/',
    'https://192.168.1.1/',
    'https://169.254.169.254/latest/meta-data',
    'https://100.100.100.200/',
    'https://255.255.255.255/',
    'https://[::1]/',
    'https://[::]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:a9fe:a9fe]/',
    'https://[fd00::1]/',
    'https://[fe80::1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[2002:7f00:1::]/',
  ])('never go to %s', (url) => {
    expect(whyNotTo(url, false)).toEqual(expect.any(String))
  })

  it('may go to this machine where the settings say so', () => {
    expect(whyNotTo('http://127.0.0.1:8080/hooks', true)).toBeUndefined()
    expect(whyNotTo('gopher://127.0.0.1/', true)).toBe('https only')
  })

  it('are not fooled by a name that leads inside', async () => {
    const found = await new Promise<unknown>((resolve) =>
      publicLookup('localhost', { all: true }, (error, addresses) => resolve(error?.message ?? addresses)),
    )
    expect(found).toBe('localhost has a private address')
    expect([isPublicAddress('1.1.1.1'), isPublicAddress('nothing')]).toEqual([true, false])
  })
})
