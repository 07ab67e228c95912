import assert from 'node:assert/strict'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { GrantView } from '../../gateway/console/grants-api.ts'
import { signatureOf } from '../../gateway/console/people.ts'
import { signRequest } from '../../gateway/console/signed-request.ts'
import { type ApprovingPeople, makePeople } from '../support/approving-people.ts'
import { get } from '../support/https-client.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { startTestGateway, type TestGateway } from '../support/start-gateway.ts'

let folder: string
let people: ApprovingPeople
let gateway: TestGateway

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veilgate-'))
  people = await makePeople(join(folder, 'people'))
  gateway = await startTestGateway({
    ...{ upstream: 'http://127.0.0.1:1', directory: folder },
    policies: { 'systems/upstream.yaml': 'system: upstream\nroutes: [{ path: /x }]\n' },
    config: { approvers: people.approvers, requesters: people.requesters, admin: { host: '127.0.0.1', port: 0 } },
  })
})
after(async () => {
  await gateway.close()
  await removeFolder(folder)
})

const wanted = {
  ...{ operator: 'u1', consumer: 'counsellor', basis: { kind: 'work_order', ref: 'WO-2026-0012' } },
  ...{ system: 'upstream', target: '/x', sees: [], rows: 1, terminals: ['127.0.0.1'] },
  until: new Date(Date.now() + 3_600_000).toISOString(),
}

let calls = 0
async function post(person: string, path: string, sent: object) {
  const body = JSON.stringify(sent)
  const by = { person, signer: people.signerOf(person), now: Date.now() + ++calls }
  const headers = { authorization: signRequest({ method: 'POST', path, body }, by), 'content-type': 'application/json' }
  const admin = `http://127.0.0.1:${gateway.running.admin!.port}`
  const answer = await get(admin + path, { method: 'POST', headers, body })
  return { status: answer.status, draft: JSON.parse(answer.body) as GrantView }
}

const draft = (person: string) => post(person, '/api/grants/drafts', wanted)
const ask = (person: string, { draft: { terms, text } }: Awaited<ReturnType<typeof draft>>) =>
  post(person, '/api/grants', { id: terms.id, signature: signatureOf(people.signerOf(person), text) })

test('nobody who makes drafts without end pushes out those that others are about to sign', async () => {
  const [first, second] = [await draft('li'), await draft('li')]
  let last = first
  for (let nth = 0; nth < 1000; nth += 20)
    for (const one of await Promise.all(Array.from({ length: 20 }, () => draft('wang')))) last = one
  assert.equal((await ask('li', first)).status, 201)
  // another's draft is none of one's own
  assert.equal((await ask('wang', second)).status, 404)
  assert.equal((await ask('li', second)).status, 201)
  assert.equal((await ask('wang', last)).status, 201)
  assert.equal((await ask('li', first)).status, 404)
})
