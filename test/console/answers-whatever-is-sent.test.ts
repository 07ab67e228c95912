import assert from 'node:assert/strict'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { ruleOf } from '../../gateway/console/duties.ts'
import { openapi } from '../../gateway/console/openapi.ts'
import { openRecordLog } from '../../gateway/records/log/open.ts'
import { addAccount, asJson, codeOf, type Owner, postLogin, writeConfig } from '../support/accounts.ts'
import { get } from '../support/https-client.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { startTestGateway, type TestGateway } from '../support/start-gateway.ts'

let folder: string
let owner: Owner
let gateway: TestGateway
let admin: string

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veilgate-'))
  await writeConfig(folder)
  owner = await addAccount(folder, 'wu', 'system')
  gateway = await startTestGateway({
    upstream: 'http://127.0.0.1:1',
    directory: folder,
    config: { admin: { host: '127.0.0.1', port: 0 } },
  })
  admin = `http://127.0.0.1:${gateway.running.admin!.port}`
})
after(async () => {
  await gateway.close()
  await removeFolder(folder)
})

/** Stands in all that is sent, and in nothing that is answered or kept. */
const marker = 'marked13800138000'
const odd = fc.constantFrom(
  '',
  ' ',
  '.',
  '..',
  '/',
  '%2f',
  '%00',
  '%',
  ';',
  '?',
  '#',
  '\\',
  '//',
  marker,
  'é'.normalize('NFD'),
)
const header = fc.oneof(
  fc.constantFrom('', marker, 'Veilgate x', `Bearer ${marker}`, `veilgate_admin=${marker}`, 'null', '0', 'cross-site'),
  fc.string({ maxLength: 40 }).map(text => text.replace(/[^\x20-\x7e]/g, '') + marker),
)
const names = [
  'authorization',
  'cookie',
  'origin',
  'x-veilgate-csrf',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-original-url',
]
const body = fc.oneof(
  fc.constantFrom(
    '',
    '{',
    'null',
    '[]',
    '{}',
    `{"name":"${marker}"}`,
    `{"__proto__":{"name":"${marker}"}}`,
    '{"name":1,"password":2,"code":3}',
  ),
  fc.json({ maxDepth: 3 }),
)

test('whatever is sent without a session gets nothing that needs one, no fault, and nothing of it back', async () => {
  const calls = Object.entries(openapi.paths as Record<string, object>).flatMap(([path, all]) =>
    Object.keys(all).map(method => ({ method: method.toUpperCase(), path })),
  )
  const sent = fc.record({
    call: fc.constantFrom(...calls),
    odd,
    at: fc.nat({ max: 30 }),
    headers: fc.dictionary(fc.constantFrom(...names), header, { maxKeys: 4 }),
    body,
  })
  await fc.assert(
    fc.asyncProperty(sent, async ({ call, odd, at, headers, body }) => {
      const { method, path } = call
      const target = path.replace(/\{\w+\}/, marker)
      const written = encodeURI(target.slice(0, 1 + at) + odd + target.slice(1 + at)).replaceAll('%25', '%')
      const posted = method === 'POST' ? { ...asJson, 'content-length': Buffer.byteLength(body) } : {}
      const answer = await get(admin + written.replace(/#.*/, ''), {
        method,
        headers: { ...headers, ...posted },
        body: method === 'POST' ? body : '',
      })
      assert.ok(answer.status < 500 || answer.body === '{"why":"busy"}', `${method} ${written}: ${answer.status}`)
      assert.ok(!(answer.body + JSON.stringify(answer.headers)).includes('13800138000'))
      const isOpen = ruleOf(method, path).duty === null
      assert.ok(isOpen || answer.status !== 200, `${method} ${written}`)
    }),
    { numRuns: 300 },
  )
  assert.ok(!JSON.stringify(await gateway.records()).includes('13800138000'))
  assert.ok(!gateway.log.join().includes('13800138000'))
})

test('where it cannot be put on record nobody signs in', async () => {
  const given = { name: 'wu', password: owner.password, code: codeOf(owner) }
  // as if the disk let nobody write
  const directory = join(folder, 'taken')
  const other = await startTestGateway({
    upstream: 'http://127.0.0.1:1',
    directory: folder,
    config: { admin: { host: '127.0.0.1', port: 0 }, records: directory },
  })
  try {
    const origin = `http://127.0.0.1:${other.running.admin!.port}`
    const log = await openRecordLog({ directory, log: 'accounts', holds: 'log' })
    const refused = await postLogin(origin, given)
    assert.deepEqual(
      [refused.status, refused.json['why'], refused.headers['set-cookie']],
      [503, 'RECORDS_UNUSABLE', undefined],
    )
    assert.equal((await postLogin(origin, { ...given, password: 'wrong' })).status, 503)
    await log.close()
    assert.equal((await postLogin(origin, { ...given, code: codeOf(owner, 1) })).status, 200)
  } finally {
    await other.close()
  }
})
