import assert from 'node:assert/strict'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { after, before, test } from 'node:test'
import { nextMonth } from '../../gateway/config/quantities.ts'
import { makePeople } from '../support/approving-people.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { least, load } from './load.ts'

let [folder, people] = ['', '']
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veilgate-'))
  people = (await makePeople(folder)).yaml
})
after(() => removeFolder(folder))

const loaded = (reviews: string) => load(`${least}${people}reviews: { ${reviews} }\n`)
async function codes(reviews: string): Promise<string[]> {
  const result = await loaded(reviews)
  return 'faults' in result ? result.faults.map(({ code }) => code) : []
}

test('groups, limits and a folder come with what is left out', async () => {
  const result = await loaded(
    'pass: [security], check: [privacy, security], release: [audit], expire: 2h, answer: 1MiB',
  )
  assert.ok(!('faults' in result))
  const { groups, limits, folder } = result.config.reviews!
  assert.deepEqual(groups, { pass: ['security'], check: ['privacy', 'security'], release: ['audit'] })
  const hour = 3_600_000
  assert.deepEqual(limits, { expire: 2 * hour, remind: 4 * hour, answers: 1000, bytes: 2 ** 30, answer: 2 ** 20 })
  assert.ok(isAbsolute(folder) && folder.endsWith('held'))
  const without = await load(`${least}${people}`)
  assert.ok(!('faults' in without) && without.config.reviews === null)
})

test('a group of nobody, a step of nobody, fewer than three people and limits out of bounds are faults', async () => {
  assert.deepEqual(await codes('pass: [security], check: [privacy], release: [nobody]'), ['CONFIG_REVIEWS'])
  assert.deepEqual(await codes('pass: [privacy], check: [privacy], release: [audit]'), ['CONFIG_REVIEWS'])
  assert.deepEqual(await codes('pass: [security], check: [security], release: [audit]'), [])
  assert.deepEqual(await codes('pass: [security], check: [security], release: [security]'), ['CONFIG_REVIEWS'])
  assert.deepEqual(await codes('pass: [security], check: [privacy]'), ['CONFIG_MISSING_KEY'])
  assert.deepEqual(await codes('pass: [], check: [privacy], release: [audit]'), ['CONFIG_VALUE'])
  const all = 'pass: [security], check: [privacy], release: [audit]'
  assert.deepEqual(await codes(`${all}, expire: 1s`), ['CONFIG_LIMIT'])
  assert.deepEqual(await codes(`${all}, answer: 1GiB`), ['CONFIG_LIMIT'])
})

test('a month ends where clocks of the zone say so', () => {
  const end = (now: string, zone: string) => new Date(nextMonth(Date.parse(now), zone)).toISOString()
  assert.equal(end('2026-11-21T09:00:00Z', 'Asia/Shanghai'), '2026-11-30T16:00:00.000Z')
  assert.equal(end('2026-11-30T16:00:00Z', 'Asia/Shanghai'), '2026-12-31T16:00:00.000Z')
  assert.equal(end('2026-12-31T23:59:59Z', 'UTC'), '2027-01-01T00:00:00.000Z')
  assert.equal(end('2026-03-29T00:00:00Z', 'Europe/Berlin'), '2026-03-31T22:00:00.000Z')
})
