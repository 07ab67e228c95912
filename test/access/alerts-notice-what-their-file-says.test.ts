import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { runAlertTest } from '../../gateway/access/alerts/samples.ts'
import { clockIn } from '../../gateway/access/clock.ts'
import { loadAlerts } from '../../gateway/cli/alerts/file.ts'
import { alertsSchema } from '../../gateway/cli/alerts/schema.ts'
import { renderFaults } from '../../gateway/policy/fault.ts'
import { noticeAbuse } from '../support/notice-abuse.ts'
import { runCommand } from '../support/run-command.ts'

const loaded = loadAlerts(join(import.meta.dirname, '../../policies'))
assert.ok('rules' in loaded, 'faults' in loaded ? renderFaults(loaded.faults, 'en') : '')

for (const one of loaded.tests)
  test(one.name, () => {
    assert.deepEqual(runAlertTest(one, loaded.rules, clockIn('Asia/Shanghai')), one.expect)
  })

test('the schema that editors read is the one the file is checked with (UPDATE=1 writes it)', () => {
  const path = join(import.meta.dirname, '../../policies/schema/alerts.json')
  if (process.env['UPDATE'] === '1') writeFileSync(path, `${JSON.stringify(alertsSchema, null, 2)}\n`)
  assert.deepEqual(JSON.parse(readFileSync(path, 'utf8')), JSON.parse(JSON.stringify(alertsSchema)))
})

test('every fault of a file is told with its place, by check and test too', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'veilgate-'))
  try {
    const text = [
      'alerts:',
      '  a: { watch: peple }',
      '  b: { watch: off_hours }',
      '  c: { watch: people, within: soon, colour: red }',
      'tests: [{ name: x, records: [{ at: noon }], expect: [] }]',
    ].join('\n')
    writeFileSync(join(folder, 'alerts.yaml'), text)
    const wrong = loadAlerts(folder, 'p')
    assert.ok('faults' in wrong)
    assert.deepEqual(wrong.faults.map(({ line, code }) => `${line} ${code}`).sort(), [
      '2 POLICY_VALUE',
      '4 POLICY_UNKNOWN_KEY',
      '4 POLICY_VALUE',
    ])
    mkdirSync(join(folder, 'systems'))
    for (const command of ['check', 'test']) {
      const ran = await runCommand([command, folder])
      assert.equal(ran.status, 1, command)
      assert.match(ran.stderr, /alerts\.yaml:2:\d+ POLICY_VALUE/)
    }
    writeFileSync(
      join(folder, 'alerts.yaml'),
      text.replace('peple', 'people').replace(', within: soon, colour: red', ''),
    )
    const later = loadAlerts(folder, 'p')
    assert.ok('faults' in later)
    assert.deepEqual(
      later.faults.map(({ line }) => line),
      [3, 5],
    )
    rmSync(join(folder, 'alerts.yaml'))
    assert.partialDeepStrictEqual(loadAlerts(folder), { rules: [], canaries: [], tests: [], notifiers: new Map() })
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('of a month with twelve kinds of abuse at least eleven are noticed, with at most two false alarms a day', () => {
  const { missed, falsePerDay } = noticeAbuse(20261121, loaded.rules)
  assert.ok(missed.length <= 1, missed.join())
  assert.ok(falsePerDay <= 2, String(falsePerDay))
  const blind = noticeAbuse(20261121, [])
  assert.equal(blind.missed.length, 12)
})
