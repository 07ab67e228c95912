import assert from 'node:assert/strict'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { removeFolder } from '../support/remove-folder.ts'
import { type ReviewingGateway, startReviewing } from '../support/reviewing.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'

const system = `system: upstream
routes: [ { path: '/reviewed/{id}', review: three } ]
`
let [folder, upstream, gateway]: [string, Upstream, ReviewingGateway] = [] as never

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veilgate-'))
  upstream = await startUpstream((_, response) => {
    response.setHeader('content-type', 'application/json').end('{"tel":"13912340987"}')
  })
  const policies = { 'systems/upstream.yaml': system }
  gateway = await startReviewing({ directory: folder, upstream: upstream.url, policies })
})
after(async () => {
  await gateway.close()
  await upstream.close()
  await removeFolder(folder)
})

test('nobody reviews an answer of their own, in whatever capitals they have signed in', async () => {
  for (const operator of ['wang', 'WANG', 'Wang']) {
    const told = await gateway.ask('/reviewed/7', 'staff', { 'veilgate-operator': operator })
    assert.equal(told.status, 202)
    const id = told.headers.get('location')!.slice(-22)
    const own = await gateway.reviews('wang', 'pass', id)
    assert.equal(own.status, 2, operator)
    assert.equal((await gateway.reviews('zhao', 'pass', id)).status, 0)
  }
})
