import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SignedIn } from '../../gateway/access/accounts/desk.ts'
import { codeAt, stepOfCode } from '../../gateway/access/accounts/one-time-code.ts'
import { password, seal, testDesk } from './accounts.ts'

const credentials = { why: 'credentials' }
const minute = 60_000

test('codes are those of RFC 6238, appendix B, in six digits', () => {
  // base32 of 12345678901234567890
  const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
  const table: [seconds: number, code: string][] = [
    [59, '287082'],
    [1111111109, '081804'],
    [1111111111, '050471'],
    [1234567890, '005924'],
    [2000000000, '279037'],
    [20000000000, '353130'],
  ]
  for (const [seconds, code] of table) {
    assert.equal(codeAt(secret, seconds * 1000), code)
    const step = Math.floor(seconds / 30)
    for (const near of [-1, 0, 1]) assert.equal(stepOfCode(secret, code, (seconds + near * 30) * 1000), step)
    for (const far of [-2, 2]) assert.notEqual(stepOfCode(secret, code, (seconds + far * 30) * 1000), step)
  }
  for (const code of ['', '28708', '2870822', ' 287082', '２８７０８２', '-87082', '0x1234'])
    assert.equal(stepOfCode(secret, code, 59_000), null, code)
})

test('a right password with a right code signs in, once for each code', async () => {
  const at = await testDesk()
  const first = await at.login()
  assert.ok('session' in first)
  assert.equal(first.session.duty, 'audit')
  assert.deepEqual(await at.login(), credentials)
  // a code that was good before counts no more, although its time has not passed
  assert.deepEqual(await at.login({ code: at.code('li', -1) }), credentials)
  assert.ok('session' in (await at.login({ code: at.code('li', 1) })))
  at.clock.now += 2 * minute
  assert.ok('session' in (await at.login()))
})

test('a code that was used up stays so after a restart', async () => {
  const at = await testDesk()
  assert.ok('session' in (await at.login()))
  const after = await at.again()
  assert.deepEqual(await after.login(), credentials)
  at.clock.now += 30_000
  assert.ok('session' in (await after.login()))
})

test('two who sign in with one code at one moment: one gets in', async () => {
  const at = await testDesk()
  const both = await Promise.all([at.login(), at.login({}, '10.0.0.2')])
  assert.equal(both.filter(one => 'session' in one).length, 1)
})

test('whatever is wrong, as much is done, and the same is said and put on record', async () => {
  const wrongs: [string, Parameters<Awaited<ReturnType<typeof testDesk>>['login']>[0]][] = [
    ['password', { password: 'wrong' }],
    ['code', { code: '000000' }],
    ['no code', { code: '' }],
    ['both', { password: 'wrong', code: '000000' }],
    ['name', { name: 'nobody-here' }],
    ['a name of the language', { name: '__proto__' }],
    ["another's code", { name: 'wang', code: '000000' }],
  ]
  for (const [what, given] of wrongs) {
    const at = await testDesk()
    assert.deepEqual(await at.login(given), credentials, what)
    assert.equal(at.looks.length, 1, what)
    assert.equal(at.events.length, 1, what)
    const [{ event }] = at.events as [(typeof at.events)[0]]
    assert.equal(event.action, 'failed')
    assert.ok(!JSON.stringify(event).includes('nobody-here'), 'what was typed as a name is not written down')
  }
})

test('an account outside its period is as one that is not there', async () => {
  const at = await testDesk()
  const { now } = at.clock
  const li = at.accounts.get('li')!
  for (const period of [
    { from: now + 1, until: null },
    { from: null, until: now },
  ]) {
    at.accounts.set('li', { ...li, ...period })
    assert.deepEqual(await at.login(), credentials)
  }
  at.accounts.set('li', { ...li, from: now, until: now + 1 })
  const signedIn = await at.login()
  assert.ok('session' in signedIn)
  at.clock.now += 1
  assert.equal(await at.desk.find(signedIn.word, '10.0.0.1'), null)
})

test('codes that were sealed for another account, or by other keys, are no codes', async () => {
  const at = await testDesk()
  const [li, wang] = [at.accounts.get('li')!, at.accounts.get('wang')!]
  at.accounts.set('li', { ...li, totp: wang.totp })
  assert.deepEqual(await at.login({ code: at.code('wang') }), credentials)
  at.accounts.set('li', { ...li, totp: seal.seal('', 'account totp li') })
  // of a secret that is empty anybody could make the codes
  assert.deepEqual(await at.login({ code: codeAt('', at.clock.now) }), credentials)
})

test('a session ends by signing out, by idling, after a working day, and with its account', async () => {
  const at = await testDesk()
  const begin = async () => {
    at.clock.now += 2 * minute
    const signedIn = await at.login()
    assert.ok('session' in signedIn)
    return signedIn
  }
  const left = await begin()
  await at.desk.logout(left.session, '10.0.0.1')
  assert.equal(await at.desk.find(left.word, '10.0.0.1'), null)
  assert.equal(at.events.at(-1)!.event.action, 'logout')

  const idle = await begin()
  at.clock.now += 15 * minute - 1
  assert.ok(await at.desk.find(idle.word, '10.0.0.1'))
  at.clock.now += 15 * minute
  assert.equal(await at.desk.find(idle.word, '10.0.0.1'), null)

  const long = await begin()
  for (let spent = 0; spent < 8 * 60 - 10; spent += 10) {
    at.clock.now += 10 * minute
    assert.ok(await at.desk.find(long.word, '10.0.0.1'))
  }
  at.clock.now += 10 * minute
  assert.equal(await at.desk.find(long.word, '10.0.0.1'), null)

  const li = at.accounts.get('li')!
  for (const changed of [
    { ...li, duty: 'system' as const },
    { ...li, password: 'hash of x' },
    { ...li, totp: '' },
    null,
  ]) {
    const session = await begin()
    if (changed === null) at.accounts.delete('li')
    else at.accounts.set('li', changed)
    assert.equal(await at.desk.find(session.word, '10.0.0.1'), null)
    at.accounts.set('li', li)
    assert.equal(await at.desk.find(session.word, '10.0.0.1'), null, 'and does not come back')
  }
})

test('the sixth session of an account ends the first', async () => {
  const at = await testDesk()
  const words: string[] = []
  for (let nth = 0; nth < 6; nth++) {
    const signedIn = await at.login()
    assert.ok('session' in signedIn)
    words.push(signedIn.word)
    at.clock.now += 30_000
  }
  const alive = await Promise.all(words.map(word => at.desk.find(word, '10.0.0.1')))
  assert.deepEqual(alive.map(Boolean), [false, true, true, true, true, true])
})

test('another password takes the old one and a fresh code, and ends all sessions', async () => {
  const at = await testDesk()
  const [here, there] = [await at.login(), await at.login({ code: at.code('li', 1) })]
  assert.ok('session' in here && 'session' in there)
  at.clock.now += minute
  const next = 'another river, new stone 48'
  const change = (given: object) =>
    at.desk.changePassword(here.session, { password, code: at.code(), next, ...given }, '10.0.0.1')
  assert.deepEqual(await change({ next: 'short' }), { why: 'short' })
  assert.deepEqual(await change({ password: 'wrong' }), credentials)
  assert.deepEqual(await change({ code: '000000' }), credentials)
  assert.ok(await at.desk.find(here.word, '10.0.0.1'))
  assert.equal(await change({}), 'changed')
  assert.equal(await at.desk.find(here.word, '10.0.0.1'), null)
  assert.equal(await at.desk.find(there.word, '10.0.0.1'), null)
  at.clock.now += minute
  assert.deepEqual(await at.login(), credentials)
  assert.ok('session' in (await at.login({ password: next })))
})

test('a password that could not be kept is not left on record as changed, and does not count', async () => {
  const at = await testDesk()
  const here = await at.login()
  assert.ok('session' in here)
  at.clock.now += minute
  at.accounts.set = () => {
    throw new Error('no disk')
  }
  const given = { password, code: at.code(), next: 'another river, new stone 48' }
  await assert.rejects(at.desk.changePassword(here.session, given, '10.0.0.1'))
  assert.deepEqual(
    at.events.map(({ event }) => event.action),
    ['login', 'password', 'not_done'],
  )
  at.clock.now += minute
  assert.ok('session' in (await at.login()))
})

test('a refusal that could not be put on record is on record the next time, and then no more', async () => {
  const at = await testDesk()
  const { session } = (await at.login()) as SignedIn
  const { push } = at.events
  at.events.push = () => {
    throw new Error('no disk')
  }
  await assert.rejects(at.desk.deny(session, 'GET /api/accounts', '10.1.2.3'))
  at.events.push = push
  for (let times = 0; times < 2; times++) await at.desk.deny(session, 'GET /api/accounts', '10.1.2.3')
  assert.equal(at.events.filter(({ event }) => event.action === 'denied').length, 1)
})

test('nothing counts that cannot be put on record', async () => {
  const at = await testDesk()
  at.events.push = () => {
    throw new Error('no disk')
  }
  await assert.rejects(at.login())
  await assert.rejects(at.login({ password: 'wrong' }))
})
