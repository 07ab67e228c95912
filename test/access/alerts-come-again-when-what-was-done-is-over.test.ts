import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Action, Rule } from '../../gateway/access/alerts/rules.ts'
import { runAlertTest, type Sample } from '../../gateway/access/alerts/samples.ts'
import { clockIn } from '../../gateway/access/clock.ts'

const hour = 3_600_000
const sample: Sample = {
  ...{ at: Date.parse('2026-11-20T01:00:00Z'), times: 6, every: hour, days: 1, kind: 'access', consumer: 'oa' },
  ...{ operator: 'u1', address: '10.0.0.1', people: 10, same: false, rows: 10, clear: 0, status: 200, code: null },
  ...{ searched: false, grant: null, reference: null, canary: false },
}

function raised(...actions: Action[]): number {
  const rule: Rule = {
    ...{ name: 'many', watch: 'people', per: 'operator', within: hour, over: 5, timesOwn: null, timesPeers: null },
    ...{ hours: [], quiet: 24 * hour, actions, lasts: 2 * hour, slowTo: 6 },
  }
  const tried = { name: '', file: '', line: 0, samples: [sample], expect: [] }
  return runAlertTest(tried, [rule], clockIn('UTC')).length
}

test('whoever goes on after they were slowed down or masked harder is noticed again', () => {
  assert.equal(raised('slow_down'), 3)
  assert.equal(raised('notify', 'mask_harder'), 3)
})

test('where nothing ends by itself, a rule stays quiet', () => {
  assert.equal(raised('notify'), 1)
  assert.equal(raised('block', 'slow_down'), 1)
})
