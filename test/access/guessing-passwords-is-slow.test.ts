import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createLockOut } from '../../gateway/access/accounts/lock-out.ts'
import { password, testDesk } from './accounts.ts'

const minute = 60_000
const wrong = { password: 'wrong' }

test('after five failures an account waits, whoever asks and from wherever, longer with each', async () => {
  const at = await testDesk()
  for (let nth = 0; nth < 5; nth++) assert.deepEqual(await at.login(wrong, `10.0.1.${nth}`), { why: 'credentials' })
  for (const seconds of [60, 120, 240, 480, 960, 1920, 3600, 3600]) {
    assert.deepEqual(await at.login({}, '10.0.2.2'), { why: 'locked', seconds })
    at.clock.now += seconds * 1000 - 1
    assert.deepEqual(await at.login({}, '10.0.2.2'), { why: 'locked', seconds: 1 })
    at.clock.now += 1
    assert.deepEqual(await at.login(wrong, `10.0.3.${seconds % 250}`), { why: 'credentials' })
  }
  assert.equal(at.looks.length, 13, 'while it waits nothing is looked at')
})

test('an address waits as well, whatever names it tries; and only that address', async () => {
  const at = await testDesk()
  for (let nth = 0; nth < 5; nth++) await at.login({ ...wrong, name: `somebody-${nth}` }, '2001:db8::1')
  assert.deepEqual(await at.login({}, '2001:db8::ffff'), { why: 'locked', seconds: 60 })
  assert.ok('session' in (await at.login({}, '2001:db8:1::1')))
})

test('a name that nobody has waits as one that somebody has', async () => {
  const said: unknown[][] = []
  for (const name of ['li', 'nobody-here']) {
    const at = await testDesk()
    const answers: unknown[] = []
    for (let nth = 0; nth < 8; nth++) answers.push(await at.login({ ...wrong, name }, `10.0.1.${nth}`))
    said.push([answers, at.looks.length, at.events.map(({ event }) => event.action)])
  }
  assert.deepEqual(said[0], said[1])
  assert.deepEqual(said[0]![2], ['failed', 'failed', 'failed', 'failed', 'failed', 'locked'])
})

test('of a hundred guesses at one moment five are looked at', async () => {
  const at = await testDesk()
  const answers = await Promise.all(Array.from({ length: 100 }, (_, nth) => at.login(wrong, `10.1.${nth}.1`)))
  assert.equal(at.looks.length, 5)
  assert.equal(answers.filter(answer => 'why' in answer && answer.why === 'locked').length, 95)
  assert.deepEqual(await at.login({}, '10.2.0.1'), { why: 'locked', seconds: 60 })
})

test('of a hundred people at one moment no more are looked at than there is room for, and nobody is blamed', async () => {
  const at = await testDesk()
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, nth) => at.login({ ...wrong, name: `n${nth}` }, `10.1.${nth}.1`)),
  )
  assert.equal(answers.filter(answer => 'why' in answer && answer.why === 'busy').length, 90)
  assert.ok('session' in (await at.login({}, '10.1.99.1')))
})

test('waiting does not end with a restart', async () => {
  const at = await testDesk()
  for (let nth = 0; nth < 5; nth++) await at.login(wrong, '10.0.0.9')
  const after = await at.again()
  assert.deepEqual(await after.login({}, '10.0.2.2'), { why: 'locked', seconds: 60 })
  assert.deepEqual(await after.login({ name: 'wang', code: at.code('wang') }, '10.0.0.9'), {
    why: 'locked',
    seconds: 60,
  })
})

test('signing in ends the failures of the account, and forgives its address nothing', async () => {
  const at = await testDesk()
  for (let nth = 0; nth < 4; nth++) await at.login({ ...wrong, name: 'wang' }, '10.0.0.9')
  assert.ok('session' in (await at.login({}, '10.0.0.9')))
  await at.login({ ...wrong, name: 'nobody' }, '10.0.0.9')
  assert.deepEqual(await at.login({}, '10.0.0.9'), { why: 'locked', seconds: 60 })
  for (let nth = 0; nth < 4; nth++) await at.login(wrong, `10.0.1.${nth}`)
  at.clock.now += minute
  assert.ok('session' in (await at.login({}, '10.0.4.4')))
  for (let nth = 0; nth < 4; nth++) assert.deepEqual(await at.login(wrong, `10.0.2.${nth}`), { why: 'credentials' })
})

test('unlocking lets an account in again at once, from the addresses it failed from as well', async () => {
  for (const how of ['file', 'api'] as const) {
    const at = await testDesk()
    const wang = await at.login({ name: 'wang', password }, '10.0.0.2')
    assert.ok('session' in wang)
    for (let nth = 0; nth < 5; nth++) await at.login(wrong, '10.0.0.9')
    const { now } = at.clock
    if (how === 'file') at.accounts.set('li', { ...at.accounts.get('li')!, unlocked: now })
    else assert.ok(await at.desk.unlock('li', wang.session, '10.0.0.2'))
    const after = how === 'api' ? await at.again() : at
    assert.ok('session' in (await after.login({}, '10.0.0.9')), how)
    assert.equal(await at.desk.unlock('nobody', wang.session, '10.0.0.2'), false)
  }
})

test('in no minute is an account guessed at more than five times', () => {
  const attempt = fc.record({ wait: fc.integer({ min: 0, max: 90_000 }), from: fc.integer({ min: 0, max: 40 }) })
  fc.assert(
    fc.property(fc.array(attempt, { maxLength: 200 }), attempts => {
      const lockOut = createLockOut()
      const looked: number[] = []
      let now = 1_000_000
      for (const { wait, from } of attempts) {
        now += wait
        const begun = lockOut.begin({ name: 'li', known: true, address: `10.0.0.${from}`, now })
        if (!('wait' in begun)) looked.push(now)
      }
      return looked.every((at, nth) => nth < 5 || at - looked[nth - 5]! >= minute)
    }),
  )
})
