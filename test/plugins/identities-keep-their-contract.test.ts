import assert from 'node:assert/strict'
import { generateKeyPairSync, X509Certificate } from 'node:crypto'
import { test } from 'node:test'
import { exportJWK, SignJWT } from 'jose'
import { hashApiKey, makeApiKey } from '../../plugins/identities/api-key.ts'
import { hashPassword } from '../../plugins/identities/basic/scrypt.ts'
import { seal } from '../../plugins/identities/sign-in/session.ts'
import { plugins } from '../../plugins/index.ts'
import { accessFor, head, outcome, peer } from '../access/people.ts'
import { identityContract, type Presented } from '../contract/identity.ts'
import { testKeys } from '../contract/key-ring.ts'
import { type Learning, learnerContract } from '../contract/learner.ts'
import { certificateAuthority } from '../support/certificate-authority.ts'
import { consumer } from '../support/consumer.ts'
import { signRequest } from '../support/sign-request.ts'

/** How each identity is shown; one that is new is tried by adding it here. */
const presented: ReadonlyMap<string, Presented> = new Map([
  ['api_key', apiKeys()],
  ['jwt', await tokens()],
  ['basic', await passwords()],
  ['client_certificate', await certificates()],
  ['http_signature', signatures()],
  ['trusted_header', proxies()],
  ['sign_in', sessions()],
])

function apiKeys(): Presented {
  const keys = { portal: makeApiKey(), oa: makeApiKey() }
  return {
    declared: { portal: hashApiKey(keys.portal), oa: [hashApiKey(makeApiKey()), hashApiKey(keys.oa)] },
    right: {
      portal: { headers: { authorization: `Bearer ${keys.portal}` } },
      oa: { headers: { authorization: `bearer ${keys.oa}` } },
    },
  }
}

async function tokens(): Promise<Presented> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k1' }] }
  const issuer = 'https://id.example.edu.cn'
  const token = (claims: Record<string, unknown>) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: 'EdDSA', kid: 'k1' })
      .setIssuer(issuer)
      .setAudience('veilgate')
      .setExpirationTime('1h')
      .sign(privateKey)
  const common = { issuer, audience: 'veilgate', jwks }
  const staff = await token({ azp: 'oa', sub: 'u1203', groups: ['teacher', 'party'], amr: ['pwd', 'otp'] })
  return {
    declared: {
      portal: { ...common, claims: { azp: 'portal' } },
      oa: { ...common, claims: { azp: 'oa' }, operator: 'sub', roles: 'groups', strong: { amr: ['otp'] } },
    },
    right: {
      portal: { headers: { authorization: `Bearer ${await token({ azp: 'portal' })}` } },
      oa: {
        headers: { authorization: `bearer ${staff}` },
        says: { operator: 'u1203', roles: ['teacher', 'party'], strong: true },
      },
    },
  }
}

async function passwords(): Promise<Presented> {
  const header = (text: string) => Buffer.from(text).toString('base64')
  return {
    declared: {
      portal: { user: 'portal', password: await hashPassword('correct horse1', 4) },
      oa: { user: '教务', password: await hashPassword('密码：对的马', 4) },
    },
    right: {
      portal: { headers: { authorization: `Basic ${header('portal:correct horse1')}` } },
      oa: { headers: { authorization: `basic ${header('教务:密码：对的马')}` } },
    },
  }
}

async function certificates(): Promise<Presented> {
  const authority = await certificateAuthority()
  const portal = await authority.issue('CN=portal, O=Example', { dns: ['portal.example.edu.cn'] })
  const person = await authority.issue('CN=u1203, O=Example, OU=teacher, OU=party')
  const shown = (pem: string) => {
    const certificate = new X509Certificate(pem)
    return { certificate: () => certificate }
  }
  return {
    declared: {
      portal: { subject: { CN: 'portal', O: 'Example' }, san: ['DNS:portal.example.edu.cn'] },
      oa: {
        fingerprint: `sha256:${new X509Certificate(person.certificate).fingerprint256.replaceAll(':', '').toLowerCase()}`,
        operator: 'CN',
        roles: 'OU',
      },
    },
    right: {
      portal: { headers: {}, peer: shown(portal.certificate), says: { strong: true } },
      oa: {
        headers: {},
        peer: shown(person.certificate),
        says: { strong: true, operator: 'u1203', roles: ['teacher', 'party'] },
      },
    },
  }
}

function signatures(): Presented {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const target = '/api/students?page=1'
  const stated = { host: 'gw.example.edu.cn', 'veilgate-operator': 'u1203' }
  const covers = ['@method', '@target-uri', 'veilgate-operator']
  const request = { target, headers: stated, secure: true }
  // what is signed in the second in which the gateway begins does not count
  const created = Math.floor(Date.now() / 1000) + 2
  const signed = signRequest(request, privateKey, 'oa-1', covers, { nonce: 'nonce-of-the-contract', created })
  return {
    declared: {
      oa: {
        key_id: 'oa-1',
        algorithm: 'ed25519',
        public_key: publicKey.export({ format: 'pem', type: 'spki' }),
      },
    },
    right: {
      oa: {
        headers: { ...stated, ...signed },
        target,
        says: { strong: true, once: 'nonce-of-the-contract', operator: 'u1203' },
      },
    },
  }
}

function proxies(): Presented {
  return {
    declared: { portal: { from: ['10.0.0.10', '2001:db8::/64'], header: 'X-Remote-User', roles: 'X-Remote-Groups' } },
    right: {
      portal: {
        headers: { 'x-remote-user': 'u1203', 'x-remote-groups': 'teacher, party' },
        peer: { socket: '10.0.0.10' },
        says: { operator: 'u1203', roles: ['teacher', 'party'] },
        byPeer: true,
      },
    },
  }
}

function sessions(): Presented {
  const caller = { consumer: 'browsers', operator: 'u1203', roles: ['teacher'] }
  const session = seal(
    { caller, id: 'one', began: 0, until: Date.now() + 60_000 },
    'veilgate_session',
    testKeys.secret('sign-in session'),
  )
  const { consumer: _, ...says } = caller
  return {
    declared: {
      browsers: { at: 'https://xg.example.edu.cn', cas: { server: 'https://cas.example.edu.cn' }, operator: 'user' },
    },
    right: { browsers: { headers: { cookie: `veilgate_session=${session}` }, says } },
  }
}

/** The same for those that learn who the person is from a system. */
const learning: ReadonlyMap<string, Learning> = new Map([['system_login', login()]])

function login(): Learning {
  const answer = (status: number, location: string | null, cookie: string | null) => ({
    ...{ status, location },
    cookies: new Map([['JSESSIONID', cookie]]),
  })
  return {
    consumer: 'browsers',
    declared: {
      ...{ system: 'xg', path: '/login.do', field: 'username', cookie: 'JSESSIONID' },
      success: { status: 302, location: '/app/index.do' },
    },
    request: { system: 'xg', method: 'POST', path: '/login.do' },
    field: 'username',
    accepted: answer(302, 'app/index.do;jsessionid=x?a=1', 'session-2'),
    refused: [
      answer(302, '/app/login.do?error', 'session-2'),
      answer(302, null, 'session-2'),
      answer(200, '/app/index.do', 'session-2'),
      answer(302, '/app/index.do', null),
      answer(302, 'http://[', 'session-2'),
    ],
    session: { name: 'JSESSIONID', before: 'session-1', after: 'session-2' },
  }
}

test('every identity is tried', () => {
  const tried = [...presented.keys(), ...learning.keys()]
  assert.deepEqual(tried.sort(), plugins.identities.map(({ name }) => name).sort())
})

for (const [name, { declared, right }] of presented)
  test(`what ${name} reads is refused where Connection takes it back, or a proxy would pass it by`, async () => {
    const consumers = Object.entries(declared).map(([one, said]) =>
      consumer(one, { credentials: new Map([[name, said]]) }),
    )
    const access = accessFor(consumers, { identities: plugins.identities, keys: testKeys })
    const plugin = plugins.identities.find(one => one.name === name)!
    const own = ['authorization', 'cookie', ...(plugin.headers?.({ consumers: declared }) ?? [])]
    for (const shown of Object.values(right))
      for (const read of own.filter(one => shown.headers[one] !== undefined)) {
        const connection = `close, ${read.toUpperCase()}`
        const refused = await outcome(() => access.identify(head({ ...shown.headers, connection }), peer()))
        assert.equal(refused, 'HEADER_MALFORMED', read)
      }
  })

for (const plugin of plugins.identities)
  if (plugin.learn === undefined) identityContract(plugin, presented.get(plugin.name)!)
  else learnerContract(plugin, learning.get(plugin.name)!)
