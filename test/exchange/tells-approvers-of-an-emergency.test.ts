import assert from 'node:assert/strict'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { removeFolder } from '../support/remove-folder.ts'
import { runCommand } from '../support/run-command.ts'
import { startApproving } from '../support/start-approving.ts'
import { startUpstream } from '../support/start-upstream.ts'

test('an emergency is approved by one, told to all approvers, and waits for its review once it was used', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'veilgate-'))
  const told = Promise.withResolvers<string>()
  const duty = createServer((request, response) => {
    let body = ''
    request.on('data', text => (body += text))
    request.on('end', () => {
      told.resolve(body)
      response.end()
    })
  })
  await new Promise<void>(resolve => duty.listen(0, '127.0.0.1', resolve))
  const upstream = await startUpstream((_asked, response) => {
    response.setHeader('content-type', 'application/json')
    response.end('{"idCard":"11010519491231002X"}')
  })
  await writeFile(join(folder, 'duty.secret'), 'secret\n', { mode: 0o600 })
  const url = `http://127.0.0.1:${(duty.address() as AddressInfo).port}/`
  const gateway = await startApproving({
    upstream: upstream.url,
    directory: folder,
    policies: {
      'systems/upstream.yaml': 'system: upstream\nroutes: [{ path: /x }]\n',
      'audiences.yaml': `audiences:
  public: { 4: remove, 3: redact, 2: partial, 1: clear }
  staff: { 4: partial, 3: partial, 2: clear, 1: clear }
  counsellor: { like: staff, clear_with: { 4: [operator, basis, grant] } }
`,
      'alerts.yaml': `alerts: { gaps: { watch: gap } }
notifiers: { duty: { webhook: { url: "${url}", secret_file: ../duty.secret } } }
`,
    },
  })
  const grants = (person: string, ...args: string[]) => gateway.by(person, 'grants', ...args)
  try {
    const asked = await grants(
      'li',
      ...['ask', '--operator', 'u1', '--consumer', 'counsellor', '--basis', 'work_order;ref="WO-1"', '--emergency'],
      ...['--system', 'upstream', '--target', '/x', '--sees', 'cn_resident_id', '--from-terminal', '127.0.0.1'],
      ...['--until', new Date(Date.now() + 3_600_000).toISOString()],
    )
    const id = asked.stdout.trim()
    assert.equal((await grants('wang', 'approve', id)).status, 0)
    const notice = JSON.parse(await told.promise)
    assert.equal(notice.record, id)
    assert.match(notice.words.en, /To: wang, zhao, zhang, chen/)
    const headers = {
      authorization: `Bearer ${gateway.keys.counsellor}`,
      ...{ 'veilgate-operator': 'u1', 'veilgate-basis': 'work_order;ref="WO-1"', 'veilgate-grant': id },
    }
    const answer = await fetch(`${gateway.url}/x`, { headers })
    assert.equal(await answer.text(), '{"idCard":"11010519491231002X"}')
    assert.match((await grants('chen', 'list')).stdout, /review due/)
    const report = async (day: number) =>
      (
        await runCommand([
          ...['records', 'report', '--records', join(folder, 'records'), '--no-verify', '--period', 'month'],
          ...['--day', new Date(Date.now() + day * 86_400_000).toISOString().slice(0, 10)],
        ])
      ).stdout
    const waits = /Waiting for its review at the end: 1 emergency grant /
    // also in the report of a later month
    for (const day of [0, 45]) assert.match(await report(day), waits)
    assert.equal((await grants('wang', 'review', id)).status, 2)
    assert.equal((await grants('chen', 'review', id)).status, 0)
    assert.doesNotMatch((await grants('chen', 'list')).stdout, /review due/)
    for (const day of [0, 45]) assert.doesNotMatch(await report(day), waits)
  } finally {
    await gateway.close()
    await upstream.close()
    duty.closeAllConnections()
    duty.close()
    await removeFolder(folder)
  }
})
