import assert from 'node:assert/strict'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { GrantView } from '../../gateway/console/grants-api.ts'
import { signRequest } from '../../gateway/console/signed-request.ts'
import { type ApprovingPeople, makePeople } from '../support/approving-people.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { runCommand } from '../support/run-command.ts'
import { startTestGateway, type TestGateway } from '../support/start-gateway.ts'

let folder: string
let people: ApprovingPeople
let gateway: TestGateway
let grant: GrantView

const policies = { 'systems/upstream.yaml': 'system: upstream\nroutes: [{ path: "/students/{id}" }]\n' }
const start = () =>
  startTestGateway({
    ...{ upstream: 'http://127.0.0.1:1', directory: folder, policies },
    config: { approvers: people.approvers, requesters: people.requesters, admin: { host: '127.0.0.1', port: 0 } },
  })
const until = new Date(Date.now() + 3_600_000).toISOString()
const admin = () => `http://127.0.0.1:${gateway.running.admin!.port}`

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veilgate-'))
  people = await makePeople(join(folder, 'people'))
  gateway = await start()
  const said = ['--operator', 'u1', '--consumer', 'counsellor', '--until', until, '--from-terminal', '127.0.0.1']
  const basis = ['--basis', 'work_order;ref="WO-2026-0012"', '--system', 'upstream', '--target', '/students/7']
  const ran = await runCommand(['grants', 'ask', ...said, ...basis, '--key', people.keyOf('li'), '--admin', admin()])
  assert.equal(ran.status, 0, ran.stderr)
  grant = (await call('wang', 'GET', `/api/grants/${ran.stdout.trim()}`)).json
})
after(async () => {
  await gateway.close()
  await removeFolder(folder)
})

let calls = 0
async function call(person: string, method: string, path: string, sent?: object) {
  const body = sent === undefined ? '' : JSON.stringify(sent)
  const by = { person, signer: people.signerOf(person), now: Date.now() + ++calls }
  const headers = { authorization: signRequest({ method, path, body }, by), 'content-type': 'application/json' }
  const answer = await fetch(admin() + path, { method, headers, ...(body !== '' && { body }) })
  return { status: answer.status, json: (await answer.json()) as GrantView }
}

const compare = async (person: string, target: string) => {
  const { status, json } = await call(person, 'POST', `/api/grants/${grant.id}/target`, { target })
  return `${status} ${JSON.stringify(json)}`
}

test('drafts of the same target show by nothing that another grant is for it', async () => {
  const wanted = {
    ...{ operator: 'u1', consumer: 'counsellor', basis: { kind: 'work_order', ref: 'WO-2026-0012' } },
    ...{ system: 'upstream', sees: [], rows: 1, terminals: ['127.0.0.1'], until },
  }
  for (const target of ['/students/6', '/students/7', '/students/7']) {
    const { status, json } = await call('wang', 'POST', '/api/grants/drafts', { ...wanted, target })
    assert.equal(status, 200, JSON.stringify(json))
    assert.match(json.terms.query, /^[\w-]{43}$/)
    assert.notEqual(json.terms.query, grant.terms.query)
    assert.ok(!json.text.includes(grant.terms.query))
  }
})

test('who tries out whom a grant is for is told five times, on record, also over a restart; and approvers hear of it', async () => {
  assert.equal(await compare('zhang', '/students/1'), '200 {"same":false}')
  assert.equal(await compare('zhang', '/students/7'), '200 {"same":true}')
  assert.equal(await compare('zhang', '/students/2'), '200 {"same":false}')
  await gateway.close()
  gateway = await start()
  // at one moment, so that none is looked at before another is counted
  const rest = await Promise.all([3, 4, 5, 6, 7].map(nth => compare('zhang', `/students/${nth}`)))
  assert.equal(rest.filter(one => one.startsWith('429')).length, 3, rest.join())
  assert.equal(await compare('zhang', '/students/7'), '429 {"why":"too_often"}')
  assert.equal(await compare('chen', '/students/7'), '200 {"same":true}')
  assert.equal(await compare('li', '/students/8'), '200 {"same":false}')
  const asked = (await gateway.records()).filter(({ action }) => action === 'compared')
  assert.deepEqual(
    asked.map(({ person, group, grant: id }) => [person, group, id]),
    [...new Array(5).fill(['zhang', 'privacy', grant.id]), ['chen', 'audit', grant.id], ['li', null, grant.id]],
  )
  assert.match(gateway.log.join('\n'), /asked too often whom a grant is for/)
  const shown = await runCommand([
    'grants',
    'show',
    grant.id,
    '--target',
    '/students/7',
    '--key',
    people.keyOf('zhang'),
    '--admin',
    admin(),
  ])
  assert.deepEqual([shown.status, /Asked too often/.test(shown.stderr)], [2, true])
  assert.ok(!JSON.stringify(await gateway.records()).includes('/students/7'))
})
