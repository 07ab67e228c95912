import assert from 'node:assert/strict'
import { test } from 'node:test'
import Fastify from 'fastify'
import { openCall } from '../../gateway/cli/admin/call.ts'
import { addSignedApi, sayTimezone } from '../../gateway/console/signed-api.ts'
import { folderFor } from '../records/folder.ts'
import { runCommand } from '../support/run-command.ts'

test('commands that ask the admin listener show times in the timezone of the gateway, unless another is given', async t => {
  const folder = await folderFor(t)
  const { stdout } = await runCommand(['keys', 'approver', 'zhang', '--out', 'zhang.secret'], { cwd: folder })
  assert.match(stdout, /^zhang\+/)
  const app = Fastify()
  t.after(() => app.close())
  sayTimezone(app, 'Pacific/Kiritimati')
  addSignedApi(app, { people: new Map(), now: Date.now }, api => void api.get('/api/grants', () => ({ grants: [] })))
  const admin = await app.listen({ host: '127.0.0.1', port: 0 })
  const io = { cwd: folder, env: {}, lang: 'en' } as never
  const asked = { key: 'zhang.secret', admin }
  const call = await openCall(asked, io)
  assert.equal(await call.zone(undefined), 'Pacific/Kiritimati')
  assert.equal(await call.zone('Asia/Shanghai'), 'Asia/Shanghai')
  await assert.rejects(call.zone('Nowhere'), { name: 'UsageError' })
  // an answer of something else names no zone, and a name that is none does not count
  const other = Fastify()
  t.after(() => other.close())
  sayTimezone(other, 'no zone')
  const away = await openCall({ ...asked, admin: await other.listen({ host: '127.0.0.1', port: 0 }) }, io)
  assert.equal(await away.zone(undefined), Intl.DateTimeFormat().resolvedOptions().timeZone)
})
