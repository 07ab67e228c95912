import assert from 'node:assert/strict'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { createCallsSeen } from '../../gateway/console/calls-seen.ts'
import { signRequest } from '../../gateway/console/signed-request.ts'
import { asJson } from '../support/accounts.ts'
import { type ApprovingPeople, makePeople } from '../support/approving-people.ts'
import { get } from '../support/https-client.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { startTestGateway, type TestGateway } from '../support/start-gateway.ts'

let folder: string
let people: ApprovingPeople
let gateway: TestGateway

const start = () =>
  startTestGateway({
    ...{ upstream: 'http://127.0.0.1:1', directory: folder },
    config: { approvers: people.approvers, requesters: people.requesters, admin: { host: '127.0.0.1', port: 0 } },
  })

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veilgate-'))
  people = await makePeople(join(folder, 'people'))
  gateway = await start()
})
after(async () => {
  await gateway.close()
  await removeFolder(folder)
})

const list = { method: 'GET', path: '/api/grants', body: '' }

function signed(request: typeof list, now = Date.now(), person = 'wang') {
  return signRequest(request, { person, signer: people.signerOf(person), now })
}

async function send({ method, path, body }: typeof list, authorization: string) {
  const answer = await get(`http://127.0.0.1:${gateway.running.admin!.port}${path}`, {
    method,
    headers: { ...asJson, authorization },
    body,
  })
  return `${answer.status} ${(JSON.parse(answer.body) as { why?: string }).why ?? ''}`
}

test('a call that somebody has read on the way is of no use to them, however it is shown again', async () => {
  const call = signed(list, Date.now() + 200_000)
  assert.equal(await send(list, call), '200 ')
  assert.equal(await send(list, call), '401 replayed')
  // the same in another spelling of the header
  const said = JSON.parse(Buffer.from(call.slice(9), 'base64url').toString()) as Record<string, string>
  const spelt = `Veilgate ${Buffer.from(JSON.stringify({ ...said, more: 1 }, null, 1)).toString('base64url')}`
  assert.equal(await send(list, spelt), '401 replayed')
  assert.equal(await send(list, signed(list, Date.now() + 200_001)), '200 ')
})

test('of one call that comes many times at one moment one counts', async () => {
  const call = signed(list, Date.now() + 1000)
  const all = await Promise.all(Array.from({ length: 12 }, () => send(list, call)))
  assert.deepEqual(all.sort(), ['200 ', ...new Array(11).fill('401 replayed')])
})

test('what changes something, too', async () => {
  const order = { method: 'POST', path: '/api/grants/drafts', body: '{}' }
  const call = signed(order, Date.now() + 1, 'li')
  assert.deepEqual([await send(order, call), await send(order, call)], ['400 malformed', '401 replayed'])
})

test('a call that was shown to a gateway before it was started again does not count after it', async () => {
  const call = signed(list, Date.now() + 2)
  assert.equal(await send(list, call), '200 ')
  await gateway.close()
  gateway = await start()
  assert.equal(await send(list, call), '401 replayed')
  assert.equal(await send(list, signed(list, Date.now() + 3)), '200 ')
})

test('nothing that was forgotten counts again where the clock goes back, and one person takes nobody else’s room', () => {
  const clock = { now: Date.parse('2026-11-21T09:00:00Z') }
  const seen = createCallsSeen(() => clock.now)
  const at = clock.now
  assert.equal(seen.take('zhang', 'of before', at - 1), 'again')
  for (let nth = 0; nth < 5000; nth++) assert.equal(seen.take('zhang', `call ${nth}`, at + nth), 'first')
  assert.equal(seen.take('zhang', 'one more', at + 6000), 'full')
  assert.equal(seen.take('wang', 'one more', at + 6000), 'first')
  clock.now += 303_000
  assert.equal(seen.take('zhang', 'another', clock.now), 'first')
  clock.now -= 303_000
  for (const nth of [0, 2999, 3000, 4999]) assert.equal(seen.take('zhang', `call ${nth}`, at + nth), 'again')
})
