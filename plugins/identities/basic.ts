/**
 * Consumers by HTTP Basic (RFC 7617), for old clients that know nothing else. gateway.yaml holds scrypt of the password
 * (RFC 7914), as `$scrypt$ln=15,r=8,p=1$SALT$HASH`. A password that was found right is remembered while it is used, as an
 * HMAC under a key of this process, so that not every request costs what a guess should cost. Where guesses come from,
 * nothing but remembered ones counts for a while: who guesses neither learns much nor holds up those who write records.
 */
import { createHmac, randomBytes } from 'node:crypto'
import type { Bilingual, Caller, Identify, IdentityAnswer, IdentityPlugin } from '../../gateway/contracts.ts'
import { createGuesses } from './basic/guesses.ts'
import { hashPattern, isPassword, nobodysHash, parseHash } from './basic/scrypt.ts'
import { byConsumer } from './by-consumer.ts'

type Declared = { readonly user: string; readonly password: string }
type Options = { readonly consumers: Readonly<Record<string, Declared>> }

const hashWords = {
  zh: '运行 veilgate keys password NAME 生成口令的哈希',
  en: '`veilgate keys password NAME` makes the hash of a password',
}

export const basic: IdentityPlugin<Options> = {
  kind: 'identity',
  name: 'basic',
  summary: {
    zh: '用户名与口令（HTTP Basic），供旧客户端使用；配置中只保存 scrypt 哈希',
    en: 'User and password by HTTP Basic, for old clients; the configuration holds only scrypt of the password',
  },
  options: byConsumer('By consumer: its user name, and the hash of its password.', {
    type: 'object',
    additionalProperties: false,
    required: ['user', 'password'],
    properties: {
      user: {
        type: 'string',
        pattern: '^[^:\\x00-\\x1f\\x7f]{1,128}$',
        'x-words': { zh: '用户名不含冒号', en: 'a user name has no colon' },
        description: 'The user name.',
      },
      password: {
        type: 'string',
        pattern: hashPattern,
        'x-words': hashWords,
        description: 'scrypt of the password, as printed by `veilgate keys password NAME`.',
      },
    },
  }),
  check: ({ consumers }) => sharedUser(consumers),
  create: ({ consumers }) => byPassword(consumers),
}

function sharedUser(consumers: Options['consumers']): { consumer: string; words: Bilingual } | null {
  const users = new Map<string, string>()
  for (const [consumer, { user }] of Object.entries(consumers)) {
    const other = users.get(user)
    const words = { zh: `与调用方“${other}”的用户名相同`, en: `the same user name as consumer '${other}'` }
    if (other !== undefined) return { consumer, words }
    users.set(user, consumer)
  }
  return null
}

const challenge = { challenge: 'Basic realm="veilgate", charset="UTF-8"' }
const scheme = /^basic +([A-Za-z0-9+/]+={0,2})$/i
/** Milliseconds for which a right password is remembered after each use, and how many are. */
const [remembered, mostRemembered] = [300_000, 10_000]
/** Each takes 32 MiB and one of four threads for as long as it is computed; records are written by the others. */
const mostAtOnce = 2

function byPassword(consumers: Options['consumers']): Identify {
  const users = new Map(
    Object.entries(consumers).map(([consumer, { user, password }]) => [user, { consumer, hash: parseHash(password) }]),
  )
  // a user that nobody is costs as much time as one that is there
  const nobody = { consumer: '', hash: nobodysHash(15) }
  const secret = randomBytes(32)
  const known = new Map<string, { readonly caller: Caller; readonly until: number }>()
  const underWay = new Map<string, Promise<IdentityAnswer>>()
  const guesses = createGuesses(Date.now)

  const remember = (key: string, caller: Caller): Caller => {
    known.delete(key)
    for (const old of known.keys()) {
      if (known.size < mostRemembered) break
      known.delete(old)
    }
    known.set(key, { caller, until: Date.now() + remembered })
    return caller
  }
  const verify = async (user: string, password: string, key: string): Promise<IdentityAnswer> => {
    try {
      const { consumer, hash } = users.get(user) ?? nobody
      if (!(await isPassword(password, hash)) || consumer === '') throw new Error('wrong user or password')
      return remember(key, { consumer })
    } finally {
      underWay.delete(key)
    }
  }
  /** Those who show the same at the same moment wait for one answer. */
  const verifyOnce = (user: string, password: string, key: string, address: string) => {
    const [waiting, wait] = [underWay.get(key), guesses.wait(address)]
    if (waiting !== undefined) return waiting
    if (wait > 0 || underWay.size >= mostAtOnce) return { unavailable: Math.max(1, wait) }
    const verifying = verify(user, password, key)
    underWay.set(key, verifying)
    // counted as wrong until it is found right: a hundred at one moment are not a hundred guesses
    const right = guesses.count(address)
    verifying.then(right, () => {})
    return verifying
  }

  return (request, peer) => {
    const [value, ...more] = request.headers['authorization'] ?? []
    if (value === undefined) return challenge
    if (more.length > 0) throw new Error('more than one Authorization header')
    if (value.length > 1024 || !/^basic /i.test(value)) return null
    const [user, password] = credentialsOf(value)
    const key = createHmac('sha256', secret).update(`${user}\0${password}`).digest('base64')
    const found = known.get(key)
    if (found !== undefined && Date.now() < found.until) return remember(key, found.caller)
    return verifyOnce(user, password, key, peer.address)
  }
}

function credentialsOf(value: string): [user: string, password: string] {
  const encoded = scheme.exec(value)?.[1] ?? ''
  const bytes = Buffer.from(encoded, 'base64')
  if (bytes.length === 0 || bytes.toString('base64') !== encoded) throw new Error('not base64')
  const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  const colon = text.indexOf(':')
  if (colon < 1 || /[\0-\x1f\x7f]/.test(text)) throw new Error('not a user and a password')
  return [text.slice(0, colon), text.slice(colon + 1)]
}
