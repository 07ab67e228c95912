import assert from 'node:assert/strict'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import Fastify from 'fastify'
import type { AccountDesk } from '../../gateway/access/accounts/desk.ts'
import { reviewVerdictText } from '../../gateway/access/reviews/terms.ts'
import { addAccountsApi } from '../../gateway/console/accounts-api.ts'
import { addGrantsApi, type GrantsApi } from '../../gateway/console/grants-api.ts'
import { addLockdownApi, type LockdownApi } from '../../gateway/console/lockdown-api.ts'
import { addOidcApi } from '../../gateway/console/oidc-api.ts'
import { addOpenapi } from '../../gateway/console/openapi-path.ts'
import { signatureOf } from '../../gateway/console/people.ts'
import { addRecordsApi, type RecordsApi } from '../../gateway/console/records-api.ts'
import { addReviewsApi, type ReviewsApi } from '../../gateway/console/reviews-api.ts'
import { addSessionApi, type SessionApi } from '../../gateway/console/session-api.ts'
import { signRequest } from '../../gateway/console/signed-request.ts'
import { addStandingApi, type StandingApi } from '../../gateway/console/standing-api.ts'
import type { ReviewTerms, ReviewVerdict } from '../../gateway/review-event.ts'
import { type ApprovingPeople, makePeople } from '../support/approving-people.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { reviewSettings } from '../support/reviewing.ts'
import { startTestGateway, type TestGateway } from '../support/start-gateway.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'

type Operation = {
  readonly security?: readonly object[]
  readonly requestBody?: { content: { 'application/json': { schema: object } } }
  readonly responses: Readonly<Record<string, { content?: { 'application/json': { schema: object } } }>>
}
type Description = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, object>> }
}

let [folder, people, upstream, gateway, described]: [string, ApprovingPeople, Upstream, TestGateway, Description] =
  [] as never
let ajv: Ajv2020

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veilgate-'))
  people = await makePeople(join(folder, 'people'))
  upstream = await startUpstream((_asked, response) => response.end('{}'))
  gateway = await startTestGateway({
    upstream: upstream.url,
    directory: folder,
    policies: { 'systems/upstream.yaml': 'system: upstream\nroutes: [{ path: /x }, { path: /held, review: three }]\n' },
    config: {
      approvers: people.approvers,
      requesters: people.requesters,
      admin: { host: '127.0.0.1', port: 0 },
      reviews: reviewSettings(folder),
    },
  })
  described = (await (await fetch(`${admin()}/api/openapi.json`)).json()) as Description
  ajv = new Ajv2020({ strict: false, validateFormats: false })
  ajv.addSchema({ $id: 'api', components: described.components })
})
after(async () => {
  await gateway.close()
  await upstream.close()
  await removeFolder(folder)
})

const admin = () => `http://127.0.0.1:${gateway.running.admin!.port}`

async function call(method: string, path: string, sent?: object) {
  const body = sent === undefined ? '' : JSON.stringify(sent)
  const by = { person: 'wang', signer: people.signerOf('wang'), now: Date.now() }
  const headers = { authorization: signRequest({ method, path, body }, by), 'content-type': 'application/json' }
  const answer = await fetch(admin() + path, { method, headers, ...(body !== '' && { body }) })
  return { status: answer.status, body: await answer.json() }
}

/** Whether a value is as a schema of the description says. */
function fits(schema: object, value: unknown): boolean {
  const resolved = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"api#/'))
  return ajv.compile(resolved)(value)
}

test('what is described is there, and asks who calls where it says so', async () => {
  for (const [path, operations] of Object.entries(described.paths))
    for (const [method, { responses, security }] of Object.entries(operations)) {
      const body = method === 'post' ? { body: '{}', headers: { 'content-type': 'application/json' } } : {}
      const answer = await fetch(admin() + path.replace(/\{\w+\}/, 'A'.repeat(22)), {
        method: method.toUpperCase(),
        ...body,
      })
      await answer.arrayBuffer()
      assert.ok(String(answer.status) in responses, `${method} ${path}: ${answer.status}`)
      if (security !== undefined) assert.equal(answer.status, 401, path)
    }
})

test('every path there is, is described', async () => {
  const app = Fastify()
  const routes: string[] = []
  app.addHook('onRoute', ({ method, url }) => {
    if (method !== 'HEAD') routes.push(`${String(method).toLowerCase()} ${url.replace(/:(\w+)/, '{$1}')}`)
  })
  // nothing is called while paths are added
  addOpenapi(app)
  addGrantsApi(app, { now: Date.now } as GrantsApi)
  addLockdownApi(app, { now: Date.now } as LockdownApi)
  addSessionApi(app, { passwords: true } as SessionApi)
  addAccountsApi(app, {} as AccountDesk)
  addRecordsApi(app, {} as RecordsApi)
  addStandingApi(app, {} as StandingApi)
  addOidcApi(app, { guard: {} } as Parameters<typeof addOidcApi>[1])
  addReviewsApi(app, { now: Date.now } as ReviewsApi)
  await app.ready()
  const known = Object.entries(described.paths).flatMap(([path, operations]) =>
    Object.keys(operations).map(method => `${method} ${path}`),
  )
  assert.ok(routes.length > 8)
  assert.deepEqual(
    routes.filter(route => !known.includes(route)),
    [],
  )
  await app.close()
})

test('answers are as they are described', async () => {
  const until = new Date(Date.now() + 3_600_000).toISOString()
  const basis = { kind: 'work_order', ref: 'WO-1' }
  const wanted = {
    ...{ operator: 'u1', consumer: 'counsellor', basis, system: 'upstream', target: '/x', sees: [], rows: 5 },
    ...{ terminals: ['127.0.0.1'], until },
  }
  const drafts = described.paths['/api/grants/drafts']!['post']!
  assert.ok(fits(drafts.requestBody!.content['application/json'].schema, wanted))
  const held = (await fetch(`${gateway.url}/held`)).headers.get('location')!.slice(-22)
  const { terms } = (await call('GET', `/api/reviews/${held}`)).body as { terms: ReviewTerms }
  const signed = new Date().toISOString()
  const sign = (verdict: ReviewVerdict) =>
    signatureOf(people.signerOf('wang'), reviewVerdictText(verdict, terms, signed))
  const said = (verdict: ReviewVerdict) => ({ verdict, signed, signature: sign(verdict) })
  const cases: [path: string, method: string, template: string, sent?: object][] = [
    ['/api/grants/drafts', 'post', '/api/grants/drafts', wanted],
    ['/api/grants/drafts', 'post', '/api/grants/drafts', { ...wanted, rows: 0 }],
    ['/api/grants/drafts', 'post', '/api/grants/drafts', { wrong: true }],
    ['/api/grants', 'get', '/api/grants'],
    [`/api/grants/${'A'.repeat(22)}`, 'get', '/api/grants/{id}'],
    ['/api/lockdowns', 'get', '/api/lockdowns'],
    ['/api/reviews', 'get', '/api/reviews'],
    [`/api/reviews/${held}`, 'get', '/api/reviews/{id}'],
    [`/api/reviews/${'A'.repeat(22)}`, 'get', '/api/reviews/{id}'],
    [`/api/reviews/${held}/verdicts`, 'post', '/api/reviews/{id}/verdicts', said('pass')],
    [`/api/reviews/${held}/verdicts`, 'post', '/api/reviews/{id}/verdicts', said('read')],
    [`/api/reviews/${held}/body`, 'post', '/api/reviews/{id}/body', { signed, signature: sign('read') }],
    ['/api/lockdowns', 'post', '/api/lockdowns', { id: 'x' }],
  ]
  for (const [path, method, template, sent] of cases) {
    const { status, body } = await call(method.toUpperCase(), path, sent)
    const schema = described.paths[template]![method]!.responses[String(status)]?.content?.['application/json'].schema
    assert.ok(schema !== undefined && fits(schema, body), `${method} ${path}: ${status}`)
  }
})

test('nothing of it is reachable where callers connect', async () => {
  for (const path of Object.keys(described.paths)) {
    const answer = await fetch(gateway.url + path.replace(/\{\w+\}/, 'A'))
    assert.ok([400, 404].includes(answer.status), path)
    assert.match(answer.headers.get('content-type')!, /problem\+json/)
  }
})
