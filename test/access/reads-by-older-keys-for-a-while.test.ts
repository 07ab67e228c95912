import assert from 'node:assert/strict'
import { chmod, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import {
  destroyGeneration,
  endGeneration,
  makeGeneration,
  readGenerations,
  stateOf,
} from '../../gateway/access/key-generations.ts'
import { KeyFault, type KeyFolder, openKeys } from '../../gateway/access/keys.ts'
import { token } from '../../plugins/masks/token.ts'
import { removeFolder } from '../support/remove-folder.ts'

const root = await mkdtemp(join(tmpdir(), 'veilgate-generations-'))
after(() => removeFolder(root))

const day = 86_400_000
const scope = { consumer: 'portal', purpose: '', dataType: 'student_number' }

async function rotatedFolder(name: string, overlapDays: number) {
  const directory = join(root, name)
  let time = Date.parse('2026-01-01T00:00:00Z')
  const clock = () => time
  const before = await openKeys(directory, clock)
  const old = token.create({}, before.ring).mask('2026010001', scope)!
  time += day
  await makeGeneration(directory, 'mask-token', { number: 2, overlapDays, now: time })
  return { directory, old, clock, pass: (days: number) => (time += days * day) }
}

test('a token of the key before comes back until its overlap is over, without a restart', async () => {
  const { directory, old, clock, pass } = await rotatedFolder('overlap', 30)
  const mask = token.create({}, (await openKeys(directory, clock)).ring)
  assert.notEqual(mask.mask('2026010001', scope), old)
  pass(29.9)
  assert.equal(mask.restore!(old, scope), '2026010001')
  pass(0.2)
  assert.throws(() => mask.restore!(old, scope))
})

test('a token of the key before comes back no longer than is granted, whatever the rotation said', async () => {
  const { directory, old, clock, pass } = await rotatedFolder('granted', 30)
  const least = await openKeys(directory, clock, 7)
  const most = await openKeys(directory, clock, 90)
  const restore = ({ ring }: KeyFolder) => token.create({}, ring).restore!(old, scope)
  pass(6.9)
  assert.equal(restore(least), '2026010001')
  pass(0.2)
  assert.throws(() => restore(least))
  assert.equal(restore(most), '2026010001')
  const all = (await readGenerations(directory)).get('mask-token')!
  assert.deepEqual(
    [7, 90].map(days => stateOf(all, all[1]!, clock(), days)),
    ['retired', 'readable'],
  )
  pass(23)
  assert.throws(() => restore(most))
})

test('where nothing is granted, a rotated key reads nothing at once', async () => {
  const { directory, old, clock } = await rotatedFolder('nothing-granted', 30)
  const { ring } = await openKeys(directory, clock, 0)
  assert.throws(() => token.create({}, ring).restore!(old, scope))
})

test('a retired key reads nothing from then on', async () => {
  const { directory, old, clock } = await rotatedFolder('retired', 30)
  const [, first] = (await readGenerations(directory)).get('mask-token')!
  await endGeneration(directory, first!, clock())
  const mask = token.create({}, (await openKeys(directory, clock)).ring)
  assert.throws(() => mask.restore!(old, scope))
})

test('of a destroyed key nothing is left but that it was there', async () => {
  const { directory, clock } = await rotatedFolder('destroyed', 0)
  const [, first] = (await readGenerations(directory)).get('mask-token')!
  const secret = Buffer.from(first!.secret!).toString('base64url')
  const path = join(directory, 'mask-token.1.key')
  assert.ok((await readFile(path, 'utf8')).includes(secret))
  await destroyGeneration(directory, first!, clock())
  assert.ok(!(await readFile(path, 'utf8')).includes(secret))
  const all = (await readGenerations(directory)).get('mask-token')!
  assert.deepEqual(
    all.map(one => stateOf(all, one, clock())),
    ['current', 'destroyed'],
  )
  const { madeKeys } = await openKeys(directory, clock)
  assert.deepEqual(madeKeys, [])
})

test('the other keys stay what they are when one is rotated', async () => {
  const { directory, clock } = await rotatedFolder('others', 30)
  const first = await openKeys(directory, clock)
  await makeGeneration(directory, 'mask-ff1', { number: 2, overlapDays: 0, now: clock() })
  const second = await openKeys(directory, clock)
  assert.notDeepEqual(second.ring.secret('mask:ff1'), first.ring.secret('mask:ff1'))
  for (const purpose of ['mask:token', 'mask:hmac', 'cookie seal', 'blind index 2026-01']) {
    assert.deepEqual(second.ring.secret(purpose), first.ring.secret(purpose), purpose)
  }
})

test('two that rotate at once make one generation', async () => {
  const { directory, clock } = await rotatedFolder('at-once', 30)
  const made = await Promise.all(
    Array.from({ length: 8 }, () =>
      makeGeneration(directory, 'mask-token', { number: 3, overlapDays: 1, now: clock() }),
    ),
  )
  assert.equal(made.filter(one => one !== null).length, 1)
})

test('a damaged or open generation is a fault, not quoted and never replaced', async () => {
  const { directory } = await rotatedFolder('damaged', 30)
  const path = join(directory, 'mask-token.2.key')
  const whole = await readFile(path, 'utf8')
  const secret = (JSON.parse(whole) as { secret: string }).secret
  for (const text of ['', '{', whole.replace(secret, 'c2VjcmV0'), whole.replace('"generation":2', '"generation":9')]) {
    await writeFile(path, text)
    await assert.rejects(openKeys(directory), error => error instanceof KeyFault && !error.message.includes('c2VjcmV0'))
    assert.equal(await readFile(path, 'utf8'), text)
  }
  if (process.platform === 'win32') return
  await writeFile(path, whole)
  await chmod(path, 0o640)
  await assert.rejects(openKeys(directory), KeyFault)
})
