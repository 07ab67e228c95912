import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Rule } from '../../gateway/access/alerts/rules.ts'
import { loadAlerts } from '../../gateway/cli/alerts/file.ts'
import { AlertFollower } from '../../gateway/cli/alerts/follower.ts'
import { accessDraft, indexOf } from '../records/drafts.ts'
import { folderFor, logIn } from '../records/folder.ts'

const loaded = loadAlerts(`${import.meta.dirname}/../../policies`)
const base = 'rules' in loaded ? loaded.rules[0]! : assert.fail('no rules')
const rule = (watch: Rule['watch'], over: number): Rule => ({
  ...base,
  name: watch,
  watch,
  per: 'operator',
  over,
  timesOwn: null,
  timesPeers: null,
})

test('people and canaries of an answer that has more of them than a record holds are those of who asked for it', async t => {
  const directory = await folderFor(t)
  const log = await logIn(t, directory)
  const people = Array.from({ length: 900 }, (_, nth) => `partial=${indexOf(nth)}`)
  const shown = (operator: string, from: number, to: number) =>
    accessDraft({ operator, subjects: { count: to - from, index: people.slice(from, to) } })
  const receipts = await log.append([
    shown('u1', 0, 300),
    shown('u2', 300, 600),
    shown('u3', 0, 900),
    shown('u2', 0, 100),
  ])
  const task = { directory, rules: [rule('people', 350), rule('canary', 0)], timezone: 'Asia/Shanghai' }
  const alarms = await new AlertFollower(task, Date.now(), one => one === indexOf(77)).look()
  assert.deepEqual(
    alarms.map(({ rule, operator, amount, of }) => [rule, operator, amount, of]),
    [
      ['canary', 'u1', 1, receipts[0]!.id],
      ['people', 'u3', 900, receipts[2]!.id],
      ['canary', 'u3', 1, receipts[2]!.id],
      ['people', 'u2', 400, receipts[3]!.id],
      ['canary', 'u2', 1, receipts[3]!.id],
    ],
  )
})
