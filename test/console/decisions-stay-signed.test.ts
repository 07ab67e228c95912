import assert from 'node:assert/strict'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { verdictText } from '../../gateway/access/grants/terms.ts'
import type { GrantView } from '../../gateway/console/grants-api.ts'
import { openapi } from '../../gateway/console/openapi.ts'
import { signatureOf } from '../../gateway/console/people.ts'
import { signRequest } from '../../gateway/console/signed-request.ts'
import { addAccount, asJson, call, type SignedIn, signIn, writeConfig } from '../support/accounts.ts'
import { type ApprovingPeople, makePeople } from '../support/approving-people.ts'
import { get } from '../support/https-client.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { runCommand } from '../support/run-command.ts'
import { startTestGateway, type TestGateway } from '../support/start-gateway.ts'

let folder: string
let people: ApprovingPeople
let gateway: TestGateway
let admin: string
/** wang approves by gateway.yaml; chang guards the gateway and has no key. */
let [wang, chang, wu]: SignedIn[] = []

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veilgate-'))
  await writeConfig(folder)
  people = await makePeople(join(folder, 'people'))
  const owners = [
    await addAccount(folder, 'wang', 'security'),
    await addAccount(folder, 'chang', 'security'),
    await addAccount(folder, 'wu', 'system'),
  ]
  gateway = await startTestGateway({
    upstream: 'http://127.0.0.1:1',
    directory: folder,
    policies: { 'systems/upstream.yaml': 'system: upstream\nroutes: [{ path: /x }]\n' },
    config: { approvers: people.approvers, requesters: people.requesters, admin: { host: '127.0.0.1', port: 0 } },
  })
  admin = `http://127.0.0.1:${gateway.running.admin!.port}`
  ;[wang, chang, wu] = [
    await signIn(admin, owners[0]!),
    await signIn(admin, owners[1]!),
    await signIn(admin, owners[2]!),
  ]
})
after(async () => {
  await gateway.close()
  await removeFolder(folder)
})

async function ask(): Promise<GrantView> {
  const until = new Date(Date.now() + 3_600_000).toISOString()
  const said = ['--operator', 'u1', '--consumer', 'counsellor', '--until', until, '--from-terminal', '127.0.0.1']
  const basis = ['--basis', 'work_order;ref="WO-2026-0012"', '--system', 'upstream', '--target', '/x']
  const as = ['--key', people.keyOf('li'), '--admin', admin]
  const ran = await runCommand(['grants', 'ask', ...said, ...basis, ...as])
  assert.equal(ran.status, 0, ran.stderr)
  const { json } = await call(admin, wang!, 'GET', `/api/grants/${ran.stdout.trim()}`)
  return json
}

function verdict(grant: GrantView, by: string) {
  const signed = new Date().toISOString()
  return {
    verdict: 'approve',
    signed,
    signature: signatureOf(people.signerOf(by), verdictText('approve', grant.terms, signed)),
  }
}

test('an approver who is signed in approves by signing what is approved, and not by being signed in', async () => {
  const grant = await ask()
  const path = `/api/grants/${grant.id}/verdicts`
  const right = verdict(grant, 'wang')
  for (const [session, sent, status, why] of [
    [wang, { ...right, signature: '' }, 409, 'signature'],
    [wang, verdict(grant, 'zhang'), 409, 'signature'],
    [wang, { verdict: 'approve' }, 400, 'malformed'],
    [chang, right, 409, 'signature'],
    [wu, right, 403, 'duty'],
    [{ ...wang!, csrf: wu!.csrf }, right, 403, 'csrf'],
    [null, right, 401, 'signature'],
  ] as const) {
    const answer = await call(admin, session ?? null, 'POST', path, sent)
    assert.deepEqual([answer.status, answer.json.why], [status, why])
  }
  const approved = await call(admin, wang!, 'POST', path, right)
  assert.deepEqual([approved.status, approved.json.approvals], [200, [{ person: 'wang', group: 'security' }]])
})

test('a signature that is wrong does not fall back on a session', async () => {
  const request = { method: 'GET', path: '/api/grants', body: '' }
  const signed = signRequest(request, { person: 'zhang', signer: people.signerOf('li'), now: Date.now() })
  for (const authorization of [signed, 'Veilgate x', 'Bearer x', '']) {
    const headers = { ...asJson, cookie: wang!.cookie, 'x-veilgate-csrf': wang!.csrf, authorization }
    const answer = await get(`${admin}/api/grants`, { headers })
    assert.deepEqual([answer.status, answer.body], [401, '{"why":"signature"}'], authorization)
  }
})

test('who guards the gateway without a key sees what approvers see', async () => {
  const seen = (await call(admin, chang!, 'GET', '/api/grants')).json.grants
  assert.deepEqual(seen, (await call(admin, wang!, 'GET', '/api/grants')).json.grants)
  assert.ok(seen.length > 0)
  assert.equal((await call(admin, chang!, 'GET', '/api/lockdowns')).status, 200)
})

test('what is answered in a session is as it is described', async () => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false })
  ajv.addSchema({ $id: 'api', components: openapi.components })
  for (const [session, path] of [
    [wang, '/api/session'],
    [wang, '/api/policy'],
    [wang, '/api/lockdowns'],
    [wang, '/api/alerts'],
    [wu, '/api/status'],
    [wu, '/api/accounts'],
    [wu, '/api/policy'],
  ] as const) {
    const { status, json } = await call(admin, session!, 'GET', path)
    const described = (
      openapi.paths as Record<
        string,
        { get: { responses: Record<string, { content: Record<string, { schema: object }> }> } }
      >
    )[path]!
    const { schema } = described.get.responses[String(status)]!.content['application/json']!
    const fits = ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"api#/')))
    assert.ok(fits(json), `${path}: ${status} ${JSON.stringify(json)}`)
  }
})
