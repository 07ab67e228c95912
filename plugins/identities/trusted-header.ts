/**
 * Consumers by a proxy that has signed people in and says in a header who they are, as web access gateways and portals
 * do. The header counts only on connections from the proxy's own addresses; from anywhere else it is a forgery.
 */
import { BlockList, isIP } from 'node:net'
import type { Bilingual, Identify, IdentityPlugin } from '../../gateway/contracts.ts'
import { byConsumer } from './by-consumer.ts'

type Declared = { readonly from: readonly string[]; readonly header: string; readonly roles?: string }
type Options = { readonly consumers: Readonly<Record<string, Declared>> }

const headerShape = {
  type: 'string',
  pattern: '^[A-Za-z][A-Za-z0-9-]{0,63}$',
  'x-words': { zh: '写作请求头名称，如 X-Remote-User', en: 'write the name of a header, as in X-Remote-User' },
}

export const trustedHeader: IdentityPlugin<Options> = {
  kind: 'identity',
  name: 'trusted_header',
  summary: {
    zh: '可信代理在请求头中写明的登录名；只认来自代理地址的连接',
    en: 'A login that a trusted proxy writes into a header; counts on connections from its addresses only',
  },
  options: byConsumer('By consumer: the proxy, and the headers it writes.', {
    type: 'object',
    additionalProperties: false,
    required: ['from', 'header'],
    properties: {
      from: {
        type: 'array',
        minItems: 1,
        maxItems: 100,
        items: { type: 'string', minLength: 2, maxLength: 64 },
        description: 'Addresses or networks of the proxy: the other end of the connection itself.',
      },
      header: { ...headerShape, description: 'Holds the login, which is the operator.' },
      roles: { ...headerShape, description: 'Holds roles or groups, separated by commas.' },
    },
  }),
  headers: ({ consumers }) =>
    Object.values(consumers).flatMap(({ header, roles }) => [header, roles ?? []].flat().map(lower)),
  check: ({ consumers }) => wrongAddress(consumers),
  create: ({ consumers }) => byHeader(consumers),
}

const lower = (name: string) => name.toLowerCase()

function wrongAddress(consumers: Options['consumers']): { consumer: string; words: Bilingual } | null {
  const words = { zh: 'from 中有不是地址或网段的值', en: 'something under `from` is no address or network' }
  for (const [consumer, { from }] of Object.entries(consumers)) {
    try {
      networksOf(from)
    } catch {
      return { consumer, words }
    }
  }
  return null
}

function byHeader(consumers: Options['consumers']): Identify {
  const proxies = Object.entries(consumers).map(([consumer, { from, header, roles }]) => ({
    consumer,
    isFrom: networksOf(from),
    header: lower(header),
    roles: roles === undefined ? null : lower(roles),
  }))
  return ({ headers }, peer) => {
    const named = proxies.filter(({ header }) => headers[header] !== undefined)
    if (named.length === 0) return null
    const [proxy, ...others] = named.filter(({ isFrom }) => isFrom(peer.socket))
    if (proxy === undefined) throw new Error('not from the proxy')
    const values = headers[proxy.header]!
    // two proxies that speak at once, or one that speaks twice, would leave it to us whom to believe
    if (others.length > 0 || values.length !== 1 || !/^[\x21-\x7e]{1,256}$/.test(values[0]!))
      throw new Error('not one login')
    const operator = values[0]!
    if (proxy.roles === null) return { consumer: proxy.consumer, operator }
    const roles = (headers[proxy.roles] ?? [])
      .join(',')
      .split(',')
      .map(role => role.trim())
    return { consumer: proxy.consumer, operator, roles: roles.filter(role => role !== '').slice(0, 200) }
  }
}

function networksOf(texts: readonly string[]): (address: string) => boolean {
  const list = new BlockList()
  for (const text of texts) {
    const [address = '', prefix, ...more] = text.split('/')
    const family = isIP(address)
    if (family === 0 || more.length > 0 || (prefix !== undefined && !/^\d{1,3}$/.test(prefix)))
      throw new TypeError('not a network')
    list.addSubnet(address, prefix === undefined ? (family === 4 ? 32 : 128) : Number(prefix), `ipv${family as 4 | 6}`)
  }
  return address => {
    const family = isIP(address)
    return family !== 0 && list.check(address, `ipv${family as 4 | 6}`)
  }
}
