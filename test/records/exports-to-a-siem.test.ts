import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toCef } from '../../gateway/records/export/cef.ts'
import { runCommand } from '../support/run-command.ts'
import { accessDraft } from './drafts.ts'
import { entriesIn, folderFor, logIn } from './folder.ts'

const time = '2026-11-21T09:30:00.000Z'

async function exported(t: Parameters<typeof folderFor>[0], format: string, ...more: string[]) {
  const directory = await folderFor(t)
  const log = await logIn(t, directory, { clock: () => Date.parse(time) })
  await log.append([
    accessDraft({ grant: 'g-1' }),
    accessDraft({
      outcome: 'withheld',
      code: 'FORMAT_MALFORMED',
      status: 502,
      fields: {},
      operator: null,
      address: '2001:db8::7',
    }),
    { kind: 'refused', address: '10.9.9.9', status: 401, code: 'CREDENTIALS_WRONG', count: 17 },
    { kind: 'key', action: 'made', purpose: 'api_key', name: 'oa', operator: 'admin' },
  ])
  await log.close()
  const { status, stdout, stderr } = await runCommand(
    ['records', 'export', '--records', '.', '--format', format, ...more],
    { cwd: directory },
  )
  assert.equal(status, 0, stderr)
  return { directory, lines: stdout.trimEnd().split('\n') }
}

test('OCSF: each record is an API Activity, with all that the class requires', async t => {
  const { lines } = await exported(t, 'ocsf', '--kind', 'access', '--kind', 'refused')
  const events = lines.map(line => JSON.parse(line))
  assert.equal(events.length, 3)
  for (const event of events) {
    for (const key of [
      'activity_id',
      'category_uid',
      'class_uid',
      'type_uid',
      'severity_id',
      'time',
      'metadata',
      'actor',
      'api',
      'src_endpoint',
    ])
      assert.ok(event[key] !== undefined, key)
    assert.deepEqual([event.class_uid, event.category_uid, event.type_uid], [6003, 6, 600_300 + event.activity_id])
    assert.equal(event.time, Date.parse(time))
  }
  const [released, withheld, refused] = events
  assert.deepEqual([released.actor.user.name, released.api.operation], ['u1203', 'GET /api/students/{id}'])
  assert.deepEqual([released.status_id, withheld.status_id, refused.status_id], [1, 2, 2])
  assert.deepEqual(released.resources[0], { name: 'cn_resident_id', type: 'data type', labels: ['A4'] })
  assert.equal(released.unmapped.basis.ref, 'WO-2026-0012')
  assert.deepEqual([withheld.status_detail, withheld.src_endpoint.ip], ['FORMAT_MALFORMED', '2001:db8::7'])
  assert.equal(released.metadata.uid, 'gw1-0:1')
})

test('ECS: who, from where, what and how it ended stand in their fields', async t => {
  const { lines } = await exported(t, 'ecs')
  const documents = lines.map(line => JSON.parse(line))
  const released = documents.find(one => one.event.id === 'gw1-0:1')
  assert.deepEqual([released['@timestamp'], released.user.name, released.source.ip], [time, 'u1203', '10.1.2.3'])
  assert.deepEqual([released.event.outcome, released.http.response.status_code], ['success', 200])
  const key = documents.find(one => one.event.action === 'key')
  assert.deepEqual([key.event.category, key.event.outcome, key.http], [['configuration'], 'unknown', undefined])
})

test('CEF: one line each, in which nothing can end a field early', async t => {
  const { lines } = await exported(t, 'cef', '--kind', 'access')
  assert.match(
    lines[0]!,
    /^CEF:0\|Veilgate\|Veilgate\|1\|access\|GET \/api\/students\/\{id\}\|1\|rt=\d+ externalId=gw1-0:1 cat=access src=10\.1\.2\.3 suser=u1203 /,
  )
  assert.match(lines[0]!, / cs4=g-1 cs4Label=grant /)
  assert.match(lines[1]!, /\|FORMAT_MALFORMED\|.*\|6\|.* c6a2=2001:db8::7 /)
  const entry = { v: 1, log: 'x', seq: 1, time, kind: 'a|b\\c', operator: 'a=b\nc', consumer: '\\' }
  const line = toCef({ entry, context: entry })
  assert.ok(line.includes('|a\\|b\\\\c|') && line.includes('suser=a\\=b\\nc') && line.includes('cs1=\\\\ '))
  assert.ok(!line.includes('\n'))
})

test('JSON is the record as it is, and who exported what is on record', async t => {
  const { directory, lines } = await exported(t, 'json', '--operator', 'u1203')
  assert.deepEqual(
    lines.map(line => JSON.parse(line).seq),
    [1],
  )
  const read = (await entriesIn(directory)).filter(entry => entry.kind === 'query')
  assert.deepEqual(
    read.map(entry => [entry['command'], entry['filters'], entry['shown']]),
    [
      ['export', ['operator'], null],
      ['export', ['operator'], 1],
    ],
  )
  assert.equal((await runCommand(['records', 'export', '--records', '.'], { cwd: directory })).status, 2)
})
