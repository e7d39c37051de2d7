/** Where webhooks may go: out into the internet, never to what only our own network can reach. */
import { lookup } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'

const inner = new BlockList()
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10], // shared by carriers, and where clouds keep their metadata services
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3], // multicast and what is reserved
] as const)
  inner.addSubnet(network, bits, 'ipv4')
/** Of IPv6 only the global part is let out, and of that nothing that carries another address inside. */
const global6 = new BlockList()
global6.addSubnet('2000::', 3, 'ipv6')
for (const [network, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  inner.addSubnet(network, bits, 'ipv6')

export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 4) return !inner.check(address, 'ipv4')
  return isIP(address) === 6 && global6.check(address, 'ipv6') && !inner.check(address, 'ipv6')
}

/** Why webhooks cannot go to `url`; undefined when they can, as far as can be told before its name is looked up. */
export function whyNotTo(url: string, allowsLocal: boolean): string | undefined {
  if (!URL.canParse(url)) return 'not a URL'
  const { protocol, hostname, username, password, hash } = new URL(url)
  if (protocol !== 'https:' && !(allowsLocal && protocol === 'http:')) return 'https only'
  if (username !== '' || password !== '' || hash !== '') return 'no user, password or fragment'
  if (allowsLocal) return undefined
  const host = hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) !== 0) return isPublicAddress(host) ? undefined : 'a private address'
  return /(^|\.)(localhost|local|internal|lan|home\.arpa)\.?$/i.test(host) || !host.includes('.')
    ? 'a private name'
    : undefined
}

/**
 * Looks a name up and lets only public addresses through. Given to the connection itself, so that what was checked is
 * what is connected to: a name that answers differently the second time gains nothing.
 */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, found) => {
    const refused = found?.find(({ address }) => !isPublicAddress(address))
    const [first] = found ?? []
    if (error) callback(error, '')
    else if (refused || !first) callback(new Error(`${hostname} has a private address`), '')
    else if (options.all) callback(null, found)
    else callback(null, first.address, first.family)
  })
}
