import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Rule } from '../../gateway/access/alerts/rules.ts'
import type { Seen } from '../../gateway/access/alerts/seen.ts'
import { AlertWatch } from '../../gateway/access/alerts/watch.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

const hour = 3_600_000
const rule: Rule = {
  ...{ name: 'many', watch: 'people', per: 'operator', within: hour, over: 1e9, timesOwn: null, timesPeers: null },
  ...{ hours: [], quiet: hour, actions: ['notify'], lasts: hour, slowTo: 6 },
}

/** An answer of 500 people whom nobody was shown before. */
function answer(operator: string, time: number): Seen {
  const subjects = Array.from({ length: 500 }, (_, nth) => `${operator} ${time} ${nth}`)
  return {
    ...{ of: 'gw-0:1', time, kind: 'access', consumer: 'oa', operator, address: '10.0.0.1', network: '10.0.0.1' },
    ...{ rows: 500, people: 500, clear: 0, status: 200, code: null, times: 1, searchedHigh: false },
    ...{ grant: null, reference: null, subjects, known: subjects },
  }
}

test('whom operators were shown longer ago than a rule looks back takes no memory', () => {
  const watch = new AlertWatch([rule], { clock: () => ({ day: 1, minute: 0 }), isCanary: () => false })
  const held = () => {
    collect()
    return process.memoryUsage().heapUsed
  }
  const before = held()
  const begin = Date.parse('2026-11-20T01:00:00Z')
  for (let nth = 0; nth < 30; nth++)
    for (let operator = 0; operator < 50; operator++) watch.take(answer(`u${operator}`, begin + nth * 2 * hour))
  const grown = held() - before
  assert.ok(watch.take(answer('u0', begin)).length === 0)
  // each that is kept takes a hundred bytes: the last 25,000 may be, of 750,000
  assert.ok(grown < 20 * 1024 * 1024, `${grown} bytes more`)
})
