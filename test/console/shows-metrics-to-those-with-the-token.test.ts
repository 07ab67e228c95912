import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ExchangeReport } from '../../gateway/console/metrics.ts'
import { metricsFor, token, withAdmin } from './admin.ts'

const report: ExchangeReport = {
  system: 'xg',
  audience: 'public',
  outcome: 'released',
  code: null,
  seconds: 0.02,
  upstreamSeconds: 0.01,
  bytes: [5120, 4770],
}

test('metrics ask for the token', async () => {
  await withAdmin(async origin => {
    for (const authorization of [undefined, '', 'Bearer', 'Bearer x', `Bearer ${token}x`, `Basic ${token}`, token]) {
      const headers: Record<string, string> = authorization === undefined ? {} : { authorization }
      const answer = await fetch(`${origin}/metrics`, { headers })
      assert.equal(answer.status, 401)
      assert.match(answer.headers.get('www-authenticate')!, /^Bearer /)
      assert.ok(!(await answer.text()).includes('veilgate_'))
    }
    const answer = await fetch(`${origin}/metrics`, { headers: { authorization: `Bearer ${token}` } })
    assert.equal(answer.status, 200)
    assert.match(answer.headers.get('content-type')!, /^text\/plain/)
    assert.match(await answer.text(), /^veilgate_records_usable 1$/m)
  })
})

test('an exchange is counted by system, audience, outcome and code', async () => {
  const metrics = metricsFor()
  for (let time = 0; time < 3; time++) metrics.exchangeBegan()
  metrics.exchangeEnded(report)
  metrics.exchangeEnded({ ...report, outcome: 'withheld', code: 'FORMAT_MALFORMED', upstreamSeconds: null })
  metrics.recorded(0.002)
  metrics.policyLoaded('refused')
  const text = await metrics.render()
  for (const line of [
    'veilgate_exchanges_total{system="xg",audience="public",outcome="released",code="none"} 1',
    'veilgate_exchanges_total{system="xg",audience="public",outcome="withheld",code="FORMAT_MALFORMED"} 1',
    'veilgate_exchange_seconds_count{system="xg",audience="public",outcome="released"} 1',
    'veilgate_upstream_seconds_count{system="xg"} 1',
    'veilgate_body_bytes_total{system="xg",audience="public",direction="in"} 10240',
    'veilgate_body_bytes_total{system="xg",audience="public",direction="out"} 9540',
    'veilgate_exchanges_in_flight 1',
    'veilgate_records_seconds_count 1',
    'veilgate_records_entries 7',
    'veilgate_records_unsealed 17',
    'veilgate_records_sealing_behind 1',
    'veilgate_policy_loads_total{outcome="refused"} 1',
  ]) {
    assert.ok(text.split('\n').includes(line), `${line} in\n${text}`)
  }
  assert.match(text, /^nodejs_eventloop_lag_seconds /m)
})

test('a label that is of no known set is `none`, so that nobody can make new ones', async () => {
  const metrics = metricsFor()
  const marked = '13800138000' as never
  for (let at = 0; at < 100; at++) {
    metrics.exchangeEnded({ ...report, system: `${marked}${at}`, audience: marked, outcome: marked, code: marked })
  }
  const text = await metrics.render()
  assert.ok(!text.includes('13800138000'))
  assert.match(text, /^veilgate_exchanges_total\{system="none",audience="none",outcome="none",code="none"\} 100$/m)
})
