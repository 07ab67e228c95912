/**
 * `npm run campaign:abuse`: months of an office of fifty with twelve kinds of abuse, held against policies/alerts.yaml.
 * Prints what each seed missed and how many alarms a day were false; exits with 1 where fewer than eleven were noticed, or
 * more than two a day were false. `-- --seeds N`: 100 if left out.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { loadAlerts } from '../../gateway/cli/alerts/file.ts'
import { abuseKinds } from '../support/abuse-trace.ts'
import { noticeAbuse } from '../support/notice-abuse.ts'

const { values } = parseArgs({ options: { seeds: { type: 'string', default: '100' } } })
const loaded = loadAlerts(join(import.meta.dirname, '../../policies'))
if (!('rules' in loaded)) throw new Error('policies/alerts.yaml has faults')

const missed = new Map<string, number>()
const wrong = new Map<string, number>()
let [worst, most, bad] = [abuseKinds.length, 0, 0]
const began = performance.now()
for (let seed = 1; seed <= Number(values.seeds); seed++) {
  const noticed = noticeAbuse(seed, loaded.rules)
  for (const kind of noticed.missed) missed.set(kind, (missed.get(kind) ?? 0) + 1)
  for (const { rule } of noticed.wrong) wrong.set(rule, (wrong.get(rule) ?? 0) + 1)
  const found = abuseKinds.length - noticed.missed.length
  worst = Math.min(worst, found)
  most = Math.max(most, noticed.falsePerDay)
  if (found < 11 || noticed.falsePerDay > 2) bad++
  if (seed === 1) console.log(`${noticed.records} records in the month of seed 1`)
}
console.log(`${values.seeds} months in ${((performance.now() - began) / 1000).toFixed(1)} s`)
console.log(
  `noticed at the least: ${worst} of ${abuseKinds.length}; false alarms a day at the most: ${most.toFixed(2)}`,
)
for (const [kind, times] of missed) console.log(`  missed ${times} times: ${kind}`)
for (const [rule, times] of wrong) console.log(`  false ${times} times in all: ${rule}`)
process.exitCode = bad === 0 ? 0 : 1
