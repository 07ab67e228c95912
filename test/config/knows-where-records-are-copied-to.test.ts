import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parsePostgresUrl } from '../../gateway/config/postgres.ts'
import { parseSigner, writeSigner } from '../../gateway/records/proof/note.ts'
import { localhost } from '../support/certificates.ts'
import { type Beside, found, least, load } from './load.ts'

const url = 'postgres://veilgate:p%40ss@db.example.edu.cn:5433/records'
const to = (postgres: string) => `${least}records: { postgres: { ${postgres} } }\n`
const checked = { ca: null, serverName: null, certificate: null, key: null }

async function settings(postgres: string, beside: Beside = { url }) {
  const loaded = await load(to(postgres), beside)
  assert.ok('config' in loaded, JSON.stringify(loaded))
  return loaded.config.postgres
}

test('a path alone is the folder, and nothing is copied', async () => {
  const loaded = await load(`${least}records: ./kept\n`)
  assert.ok('config' in loaded)
  assert.match(loaded.config.records, /\/kept$/)
  assert.equal(loaded.config.postgres, null)
})

test('an address comes from a file or from the environment, and is encrypted unless it is on this machine', async () => {
  const address = { host: 'db.example.edu.cn', port: 5433, database: 'records', user: 'veilgate', password: 'p@ss' }
  assert.deepEqual(await settings('url_file: ./url'), { ...address, tls: checked, prefix: '' })
  assert.deepEqual(await settings('url_file: ./url, name: east'), { ...address, tls: checked, prefix: 'east-' })
  process.env['VEILGATE_TEST_POSTGRES'] = 'postgres://u@127.0.0.1/d'
  assert.deepEqual(await settings('url_env: VEILGATE_TEST_POSTGRES'), {
    ...{ host: '127.0.0.1', port: 5432, database: 'd', user: 'u', password: null },
    tls: null,
    prefix: '',
  })
})

test('what several gateways decide together has a database, and this one a name among them', async () => {
  const key = parseSigner(writeSigner('li', Buffer.alloc(32, 1)))!.verifier.text
  const people = `approvers: { li: { key: "${key}", group: legal } }\n`
  const written = (postgres: string) => `${least}control: { postgres: { ${postgres} } }\n${people}`
  const loaded = await load(written('url_file: ./url, name: east'), { url })
  assert.ok('config' in loaded)
  assert.partialDeepStrictEqual(loaded.config.control, {
    name: 'east',
    database: { host: 'db.example.edu.cn', tls: checked },
  })
  assert.deepEqual(await found(written('url_file: ./url'), { url }), ['2:22 CONFIG_POSTGRES'])
  const alien = written('url_file: ./url, name: east').replace('east } }', 'east }, gateways: [west] }')
  assert.deepEqual(await found(alien, { url }), ['2:65 CONFIG_POSTGRES'])
  const nobody = `${least}control: { postgres: { url_file: ./url, name: east } }\n`
  assert.deepEqual(await found(nobody, { url }), ['2:22 CONFIG_POSTGRES'])
  const alone = await load(least)
  assert.ok('config' in alone && alone.config.control === null)
})

test('who vouches for the database, and who this client is, can be said', async () => {
  const beside = { url, 'c.pem': localhost.certificate, 'k.pem': localhost.key }
  const tls = 'tls: { ca: ./c.pem, server_name: db, certificate: ./c.pem, key: ./k.pem }'
  const { certificate, key } = localhost
  assert.deepEqual((await settings(`url_file: ./url, ${tls}`, beside))?.tls, {
    ca: certificate,
    serverName: 'db',
    certificate,
    key,
  })
  assert.equal((await settings('url_file: ./url, tls: false'))?.tls, null)
})

const wrong: Readonly<Record<string, readonly [string, readonly string[], Beside?]>> = {
  'no address': [to('name: east'), ['2:22 CONFIG_POSTGRES']],
  'two addresses': [to('url_file: ./url, url_env: A'), ['2:22 CONFIG_POSTGRES'], { url }],
  'a variable that is not set': [to('url_env: VEILGATE_TEST_UNSET'), ['2:33 CONFIG_POSTGRES']],
  'a file that is missing': [to('url_file: ./url'), ['2:34 CONFIG_FILE']],
  'options that turn encryption off': [
    to('url_file: ./url'),
    ['2:34 CONFIG_POSTGRES'],
    { url: `${url}?sslmode=disable` },
  ],
  'an address in this file': [to(`url: "${url}"`), ['2:24 CONFIG_UNKNOWN_KEY']],
  'a name that no log can have': [to('url_file: ./url, name: East 1'), ['2:47 CONFIG_VALUE'], { url }],
  'a certificate without its key': [
    to('url_file: ./url, tls: { certificate: ./c.pem }'),
    ['2:46 CONFIG_POSTGRES'],
    { url, 'c.pem': localhost.certificate },
  ],
  'no encryption to another machine': [
    to('url_file: ./url, tls: false'),
    ['2:46 CONFIG_POSTGRES_OPEN (warning)'],
    { url },
  ],
}

for (const [what, [yaml, finds, beside]] of Object.entries(wrong))
  test(`it is found: ${what}`, async () => assert.deepEqual(await found(yaml, beside), finds))

test('an address is read in one way only', () => {
  for (const text of [
    ...['mysql://u:p@h/d', 'postgres://h/d', 'postgres://u@h', 'postgres://u@h/', 'postgres://u@h/a/b', 'h'],
    ...['postgres://u:p@h/d#x', 'postgres://u:%ff@h/d', 'postgres://u@h:99999/d', 'postgres://u@h/d e', ''],
  ])
    assert.equal(parsePostgresUrl(text), null, text)
  assert.equal(parsePostgresUrl('postgresql://u@[::1]/d')?.host, '::1')
})
