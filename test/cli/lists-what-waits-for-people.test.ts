import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import Fastify from 'fastify'
import { sayTimezone } from '../../gateway/console/signed-api.ts'
import { folderFor } from '../records/folder.ts'
import { runCommand } from '../support/run-command.ts'

const until = '2026-12-31T20:00:00.000Z'
const made = '2026-12-30T20:00:00.000Z'
const basis = { kind: 'work_order', ref: 'WO-1' }
const who = { operator: 'u1203', consumer: 'oa', audience: 'staff', purpose: null, basis, system: 'library' }
const where = { route: '/api/loans', method: 'GET', rows: 1, format: null, from: made, until, made }
const grant = { ...who, ...where, id: 'g1', requester: 'oa', query: 'q', sees: [], terminals: [], emergency: false }
const review = { ...who, ...where, id: 'r1', reason: 'route', address: '10.0.0.1', grant: null, status: 200, bytes: 9 }
const scope = { consumer: 'oa', operator: null, system: null, route: null }
const lockdown = { id: 'l1', scope, effect: 'block', rate: null, drill: false, by: null, lifting: [] }

const answers = {
  grants: { terms: grant, status: 'asked', approvals: [], needed: 2, review_due: null },
  reviews: { terms: { ...review, unlisted: 0, policy: '', sealed: '' }, status: 'waiting', steps: [], next: 'pass' },
  lockdowns: { ...lockdown, since: made, until, lifted: null },
}

test('what waits for people is listed in the timezone of the gateway', async t => {
  const folder = await folderFor(t)
  await runCommand(['keys', 'approver', 'zhang', '--out', 'zhang.secret'], { cwd: folder })
  const app = Fastify()
  t.after(() => app.close())
  // fourteen hours ahead of UTC: no machine's by chance
  sayTimezone(app, 'Pacific/Kiritimati')
  for (const [kind, one] of Object.entries(answers)) app.get(`/api/${kind}`, () => ({ [kind]: [one] }))
  const admin = await app.listen({ host: '127.0.0.1', port: 0 })
  for (const name of ['grants', 'reviews', 'lockdown']) {
    const line = [name, 'list', '--key', 'zhang.secret', '--admin', admin]
    const shown = await runCommand(line, { cwd: folder })
    assert.equal(shown.status, 0, shown.stderr)
    assert.match(shown.stdout, /2026-12-31 10:00|2027-01-01 10:00/, name)
    const elsewhere = await runCommand([...line, '--timezone', 'UTC'], { cwd: folder })
    assert.match(elsewhere.stdout, /2026-12-3[01] 20:00/, name)
  }
})

test('the gateway is found by the gateway.yaml in this folder, as its records are', async t => {
  const folder = await folderFor(t)
  await runCommand(['keys', 'approver', 'zhang', '--out', 'zhang.secret'], { cwd: folder })
  const app = Fastify()
  t.after(() => app.close())
  sayTimezone(app, 'UTC')
  app.get('/api/grants', () => ({ grants: [answers.grants] }))
  const admin = new URL(await app.listen({ host: '127.0.0.1', port: 0 })).host
  const systems =
    'systems: { a: { upstream: "http://127.0.0.1:9", policy: shipped } }\nanonymous: { audience: public }\n'
  const list = async (yaml: string, ...more: string[]) => {
    await writeFile(join(folder, 'gateway.yaml'), yaml)
    return await runCommand(['grants', 'list', '--key', 'zhang.secret', ...more], { cwd: folder })
  }
  const found = await list(`admin: ${admin}\n${systems}`)
  assert.equal(found.status, 0, found.stderr)
  assert.match(found.stdout, /u1203/)
  const none = await list(`admin: false\n${systems}`)
  assert.deepEqual([none.status, /`admin` is false/.test(none.stderr)], [2, true], none.stderr)
  const broken = await list('admin: 7\n', '--config', 'gateway.yaml')
  assert.equal(broken.status, 2)
  assert.match(broken.stderr, /gateway\.yaml:1:8 CONFIG_[A-Z]+[\s\S]*can be named by --admin/)
})
