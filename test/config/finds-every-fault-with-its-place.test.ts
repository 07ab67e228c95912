import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mayForward } from '../../gateway/exchange/request/headers.ts'
import { parseSigner, writeSigner } from '../../gateway/records/proof/note.ts'
import { expired, localhost } from '../support/certificates.ts'
import { type Beside, found, least, load } from './load.ts'

type Case = { readonly yaml: string; readonly finds: readonly string[]; readonly beside?: Beside }

const hash = (digit: string) => `"sha256:${digit.repeat(64)}"`
const system = (rest: string, upstream = 'http://u') => `systems:\n  a: { upstream: "${upstream}", ${rest} }\n`
const consumer = (rest: string) => `${least}consumers:\n  oa: { audience: staff, ${rest} }\n`
const tls = `${least}tls: { certificate: c.pem, key: k.pem }\n`
const pem = { 'c.pem': localhost.certificate, 'k.pem': localhost.key }

/** Of a person called li. */
const personKey = parseSigner(writeSigner('li', Buffer.alloc(32, 1)))!.verifier.text

const cases: Readonly<Record<string, Case>> = {
  'nothing is wrong': { yaml: least, finds: [] },
  'no system': { yaml: 'listen: 127.0.0.1:80\n', finds: ['1:1 CONFIG_MISSING_KEY'] },
  'unknown keys at every depth': {
    yaml: `${least}consumers: { p: { audience: public, adresses: [] } }\nlimits: { dept: 3 }\nfoo: 1\n`,
    finds: ['2:37 CONFIG_UNKNOWN_KEY', '3:11 CONFIG_UNKNOWN_KEY', '4:1 CONFIG_UNKNOWN_KEY'],
  },
  'approvers of a basis of whom two could never be found': {
    yaml: `${least}approvers: { li: { key: "${personKey}", group: legal } }\nbases: { lawful_request: { approvers: [legal, wang] } }\n`,
    finds: ['3:39 CONFIG_BASIS', '3:47 CONFIG_BASIS'],
  },
  'an upstream that is no web address': { yaml: system('', 'ftp://u'), finds: ['2:18 CONFIG_UPSTREAM'] },
  'an upstream with a user in it': { yaml: system('', 'http://u:p@h'), finds: ['2:18 CONFIG_UPSTREAM'] },
  'an upstream with a query': { yaml: system('', 'http://h/?a=1'), finds: ['2:18 CONFIG_UPSTREAM'] },
  'two systems at one prefix': {
    yaml: 'systems:\n  a: { upstream: "http://u", prefix: /x }\n  b: { upstream: "http://v", prefix: /x }\n',
    finds: ['3:38 CONFIG_SYSTEM_AMBIGUOUS'],
  },
  'two systems that take everything': {
    yaml: 'systems:\n  a: { upstream: "http://u" }\n  b: { upstream: "http://v" }\n',
    finds: ['3:6 CONFIG_SYSTEM_AMBIGUOUS'],
  },
  'two systems at one host, spelt in two ways': {
    yaml: 'systems:\n  a: { upstream: "http://u", host: X.cn }\n  b: { upstream: "http://v", host: x.CN }\n',
    finds: ['3:36 CONFIG_SYSTEM_AMBIGUOUS'],
  },
  'a prefix that goes up': { yaml: system('prefix: /../x'), finds: ['2:38 CONFIG_VALUE'] },
  'a header the gateway decides itself': {
    yaml: system('request_headers: [X-Tenant, Authorization, Host]'),
    finds: ['2:58 CONFIG_HEADER', '2:73 CONFIG_HEADER'],
  },
  'a header that the gateway sets and callers may not': {
    yaml: system('request_headers: [x-proof], proof_header: X-Proof'),
    finds: ['2:48 CONFIG_HEADER'],
  },
  'one header for two secrets': {
    yaml: system('proof_header: X-Key, credentials: { header: { name: x-key, value_file: ./key } }'),
    beside: { key: 'abc' },
    finds: ['2:44 CONFIG_HEADER'],
  },
  'TLS settings of an upstream without TLS': {
    yaml: system('server_name: u'),
    finds: ['2:30 CONFIG_UPSTREAM_TLS'],
  },
  'a secret file that is missing': {
    yaml: system('credentials: { header: { name: X-Key, value_file: ./key } }'),
    finds: ['2:80 CONFIG_FILE'],
  },
  'a secret file that others can read': {
    yaml: system('credentials: { header: { name: X-Key, value_file: ./key } }'),
    beside: { key: { text: 'abc\n', mode: 0o644 } },
    finds: ['2:80 CONFIG_SECRET_OPEN (warning)'],
  },
  'a secret of several lines': {
    yaml: system('credentials: { basic: { user: u, password_file: ./key } }'),
    beside: { key: 'abc\r\nX-Evil: 1\n' },
    finds: ['2:78 CONFIG_SECRET'],
  },
  'a consumer with nothing to be known by': {
    yaml: consumer('names_operators: true'),
    finds: ['3:3 CONFIG_CONSUMER_UNKNOWABLE'],
  },
  'a key in place of its hash': { yaml: consumer('api_key: vg_abc'), finds: ['3:35 CONFIG_VALUE'] },
  'two consumers with one key': {
    yaml: `${consumer(`api_key: ${hash('a')}`)}  xg: { audience: staff, api_key: [${hash('b')}, ${hash('a')}] }\n`,
    finds: ['4:35 CONFIG_CONSUMER_AMBIGUOUS'],
  },
  'two consumers known by the same address': {
    yaml: `${consumer('addresses: [10.0.0.0/8]')}  xg: { audience: staff, addresses: [10.1.0.0/16] }\n`,
    finds: ['4:37 CONFIG_CONSUMER_AMBIGUOUS'],
  },
  'a network with bits beyond its prefix': {
    yaml: consumer('addresses: [10.1.2.3/16, x]'),
    finds: ['3:38 CONFIG_ADDRESS', '3:51 CONFIG_ADDRESS'],
  },
  'a consumer called anonymous': {
    yaml: `${least}consumers:\n  anonymous: { audience: a, addresses: [10.0.0.1] }\n`,
    finds: ['3:3 CONFIG_NAME_RESERVED'],
  },
  'a consumer that must state what it may not': {
    yaml: consumer('addresses: [10.0.0.1], names_operators: true, requires: [operator, purpose, basis]'),
    finds: ['3:93 CONFIG_REQUIRES'],
  },
  'a period that never is': {
    yaml: consumer(`api_key: ${hash('a')}, from: 2026-09-02, until: 2026-09-01`),
    finds: ['3:135 CONFIG_PERIOD'],
  },
  'a day that never is': { yaml: consumer(`api_key: ${hash('a')}, until: 2026-02-30`), finds: ['3:117 CONFIG_MOMENT'] },
  'a time zone that is none': { yaml: `${least}timezone: Asia/Shangai\n`, finds: ['2:11 CONFIG_TIMEZONE'] },
  'a limit out of bounds': {
    yaml: `${least}limits: { scalar: 1B, depth: 4, drain: 2h }\n`,
    finds: ['2:30 CONFIG_VALUE'],
  },
  'limits of sizes and times out of bounds': {
    yaml: `${least}limits: { scalar: 1B, drain: 2h }\n`,
    finds: ['2:19 CONFIG_LIMIT', '2:30 CONFIG_LIMIT'],
  },
  'both listeners on one port': {
    yaml: `${least}listen: 127.0.0.1:8081\n`,
    finds: ['1:1 CONFIG_LISTEN_CLASH'],
  },
  'a port that is none': { yaml: `${least}listen: 127.0.0.1:70000\n`, finds: ['2:9 CONFIG_LISTEN'] },
  'open to the network without encryption': {
    yaml: `${least}listen: 0.0.0.0:8080\n`,
    finds: ['2:9 CONFIG_NO_TLS (warning)'],
  },
  'an admin listener open to the network without encryption': {
    yaml: admin('listen: 0.0.0.0:8081'),
    finds: ['2:8 CONFIG_NO_TLS (warning)'],
  },
  'an admin listener that a proxy in front encrypts': {
    yaml: admin('listen: 0.0.0.0:8081, public_url: https://admin.example'),
    finds: [],
  },
  'hops of the admin listener without proxies': {
    yaml: `${least}admin: { trusted_hops: 1 }\n`,
    finds: ['2:24 CONFIG_PROXIES_GUESSED (warning)'],
  },
  'hops without proxies': { yaml: `${least}trusted_hops: 1\n`, finds: ['2:15 CONFIG_PROXIES_GUESSED (warning)'] },
  'a certificate and its key': { yaml: tls, beside: pem, finds: [] },
  'the key of another certificate': {
    yaml: tls,
    beside: { ...pem, 'k.pem': expired.key },
    finds: ['2:33 CONFIG_KEY_FILE'],
  },
  'a certificate that has expired': {
    yaml: tls,
    beside: { 'c.pem': expired.certificate, 'k.pem': expired.key },
    finds: ['2:21 CONFIG_CERTIFICATE_EXPIRED (warning)'],
  },
  'a certificate that is none': {
    yaml: tls,
    beside: { ...pem, 'c.pem': 'hello' },
    finds: ['2:21 CONFIG_CERTIFICATE'],
  },
  'an admin listener with both accounts and a provider': {
    yaml: admin(
      'accounts: a.yaml, public_url: "https://a.cn", oidc: { issuer: "https://i.cn", client_id: a, roles: r, duties: {} }',
    ),
    finds: ['2:20 CONFIG_ADMIN'],
  },
  'a provider that does not know where to send people back to': {
    yaml: admin('oidc: { issuer: "https://i.cn", client_id: a, roles: r, duties: {} }'),
    finds: ['2:16 CONFIG_ADMIN'],
  },
  'a provider that is not encrypted': {
    yaml: admin('public_url: "https://a.cn", oidc: { issuer: "http://i.cn", client_id: a, roles: r, duties: {} }'),
    finds: ['2:54 CONFIG_VALUE'],
  },
  'one role of two duties': {
    yaml: admin(
      'public_url: "https://a.cn", oidc: { issuer: "https://i.cn", client_id: a, roles: r, duties: { system: [x, y], audit: [z, x] } }',
    ),
    finds: ['2:131 CONFIG_ADMIN'],
  },
  'an admin listener by the key of another certificate': {
    yaml: admin('tls: { certificate: c.pem, key: k.pem }'),
    beside: { ...pem, 'k.pem': expired.key },
    finds: ['2:42 CONFIG_KEY_FILE'],
  },
  'an admin listener on the port of the other': {
    yaml: `${least}admin: { listen: "127.0.0.1:8080" }\n`,
    finds: ['2:8 CONFIG_LISTEN_CLASH'],
  },
  'a public URL with a path': { yaml: `${least}public_url: https://x.cn/a\n`, finds: ['2:13 CONFIG_PUBLIC_URL'] },
}

function admin(text: string): string {
  return `${least}admin: { ${text} }\n`
}

for (const [name, { yaml, finds, beside }] of Object.entries(cases)) {
  test(`${name}: ${finds.length === 0 ? 'no fault' : finds.join(', ')}`, async () => {
    assert.deepEqual(await found(yaml, beside), finds)
  })
}

test('what may be forwarded is what the exchange will forward', async () => {
  const names = ['Cookie', 'Host', 'TE', 'If-None-Match', 'X-Forwarded-For', 'X-HTTP-Method-Override', 'X-Tenant']
  names.push('Authorization', 'Via', 'Range', 'Expect', 'Veilgate-Operator', 'X-Original-URL', 'X-Rewrite-Url')
  names.push('Forwarded', 'Transfer-Encoding', 'Content-Length', 'Accept-Encoding', 'Proxy-Authorization', 'Referer')
  for (const name of names) {
    const faults = await found(system(`request_headers: [${name}]`))
    assert.equal(faults.length === 0, mayForward(name.toLowerCase()), name)
  }
})

test('a time zone of China, however it is called, is told by its name', async () => {
  for (const name of ['Asia/Beijing', 'Beijing', '北京', '北京时间', 'China', 'UTC+8', 'GMT+08:00']) {
    const result = await load(`${least}timezone: ${name}\n`)
    assert.ok('faults' in result, name)
    assert.match(result.faults[0]!.hint!.en, /'Asia\/Shanghai'/, name)
  }
})

test('a secret in a file is never part of a fault', async () => {
  const result = await load(system('credentials: { header: { name: X-Key, value_file: ./key } }'), {
    key: 'topsecret\u0007',
  })
  assert.ok('faults' in result && result.faults.length === 1)
  assert.ok(!JSON.stringify(result.faults).includes('topsecret'))
})

test('a file that is not there says what else can be done', async () => {
  const { loadConfig } = await import('../../gateway/config/load.ts')
  const result = await loadConfig('/nowhere/gateway.yaml', { identities: [], now: 0 })
  assert.ok('faults' in result)
  assert.equal(result.faults[0]!.code, 'CONFIG_FILE')
  assert.match(result.faults[0]!.hint!.en, /--upstream/)
})
