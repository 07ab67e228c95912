import assert from 'node:assert/strict'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { makeApiKey } from '../../plugins/identities/api-key.ts'
import { consumer, withKey } from '../support/consumer.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { type ApprovingGateway, startApproving } from '../support/start-approving.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'

const key = makeApiKey()
const counsellor = consumer('counsellor', {
  audience: 'counsellor',
  credentials: withKey(key),
  namesOperators: true,
  purposes: ['enrolment'],
  bases: ['lawful_request'],
})
let [folder, upstream, gateway]: [string, Upstream, ApprovingGateway] = [] as never

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veilgate-'))
  upstream = await startUpstream((_asked, response) => {
    response.setHeader('content-type', 'application/json')
    response.end('{"idCard":"11010519491231002X"}')
  })
  gateway = await startApproving({
    upstream: upstream.url,
    directory: folder,
    policies: {
      'systems/upstream.yaml': 'system: upstream\nroutes: [{ path: /x }]\n',
      'audiences.yaml': `audiences:
  public: { 4: remove, 3: redact, 2: partial, 1: clear }
  staff: { 4: partial, 3: partial, 2: clear, 1: clear }
  counsellor: { like: staff, clear_with: { 4: [operator, purpose, basis, grant] } }
`,
    },
    config: {
      consumers: new Map([['counsellor', counsellor]]),
      bases: new Map([
        ['lawful_request', { reference: null, approvers: new Set(['zhang', 'chen']), verify: null }] as const,
      ]),
    },
  })
})
after(async () => {
  await gateway.close()
  await upstream.close()
  await removeFolder(folder)
})

const basis = 'lawful_request;ref="PSB-2026-0007"'
const grants = (person: string, ...args: string[]) => {
  return gateway.by(person, 'grants', ...args)
}
const get = (grant: string | null) =>
  fetch(`${gateway.url}/x`, {
    headers: {
      ...{ authorization: `Bearer ${key}`, 'veilgate-operator': 'u1203' },
      ...{ 'veilgate-purpose': 'enrolment', 'veilgate-basis': basis },
      ...(grant !== null && { 'veilgate-grant': grant }),
    },
  })

test('without a grant such a basis is none, and the attempt is on record', async () => {
  const answer = await get(null)
  assert.equal(answer.status, 403)
  assert.partialDeepStrictEqual(await answer.json(), { code: 'BASIS_UNAPPROVED', missing: ['grant'] })
  assert.equal((await gateway.records()).at(-1)!['code'], 'BASIS_UNAPPROVED')
})

test('its grant is approved by its own approvers; anybody else is turned away in words, on record', async () => {
  const until = new Date(Date.now() + 3_600_000).toISOString()
  const asked = await grants(
    ...(['li', 'ask', '--operator', 'u1203', '--consumer', 'counsellor', '--purpose', 'enrolment'] as const),
    ...['--basis', basis, '--system', 'upstream', '--target', '/x', '--sees', 'cn_resident_id'],
    ...['--from-terminal', '127.0.0.1', '--until', until],
  )
  const id = asked.stdout.trim()
  const turned = await grants('wang', 'approve', id)
  assert.equal(turned.status, 2)
  assert.match(turned.stderr, /approvers of its own/)
  assert.match((await grants('wang', 'approve', id, '--lang', 'zh')).stderr, /专门的批准人/)
  for (const person of ['zhang', 'chen']) assert.equal((await grants(person, 'approve', id)).status, 0)
  assert.equal(await (await get(id)).text(), '{"idCard":"11010519491231002X"}')
  const own = (await gateway.records()).filter(({ grant, kind }) => grant === id && kind === 'grant')
  assert.deepEqual(
    own.map(({ action, person }) => `${action} ${person}`),
    ['asked li', 'turned_away wang', 'turned_away wang', 'approved zhang', 'approved chen', 'used null'],
  )
})
