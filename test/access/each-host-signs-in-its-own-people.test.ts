import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seal } from '../../plugins/identities/sign-in/session.ts'
import { signIn } from '../../plugins/identities/sign-in.ts'
import { testKeys } from '../contract/key-ring.ts'
import { head, peer } from './people.ts'

const consumers = {
  teachers: { at: 'https://xg.example.edu.cn', cas: { server: 'https://cas.example.edu.cn' }, operator: 'user' },
  students: { at: 'https://my.example.edu.cn:8443', cas: { server: 'https://sso.example.edu.cn' }, operator: 'user' },
}
const identify = signIn.create({ consumers }, testKeys)
const page = (host: string, more = {}) => identify(head({ host, accept: 'text/html', ...more }), peer())
const session = (consumer: string) => {
  const value = { caller: { consumer, operator: 'u1203' }, id: 'one', began: Date.now(), until: Date.now() + 60_000 }
  return { cookie: `veilgate_session=${seal(value, 'veilgate_session', testKeys.secret('sign-in session'))}` }
}

test('a browser signs in where the people of its host do', async () => {
  for (const [host, server] of [
    ['xg.example.edu.cn', 'https://cas.'],
    ['MY.example.edu.cn:8443', 'https://sso.'],
  ] as const) {
    const answer = await page(host)
    assert.ok(answer !== null && 'location' in answer && answer.location.startsWith(server), host)
  }
  assert.equal(await page('other.example.edu.cn'), null)
  assert.equal(await page(''), null)
})

test('a session counts under the host of its own consumer alone', async () => {
  assert.partialDeepStrictEqual(await page('xg.example.edu.cn', session('teachers')), { consumer: 'teachers' })
  for (const [host, consumer] of [
    ['xg.example.edu.cn', 'students'],
    ['my.example.edu.cn:8443', 'teachers'],
    ['other.example.edu.cn', 'teachers'],
  ] as const) {
    const answer = await page(host, session(consumer))
    assert.ok(answer === null || !('consumer' in answer), host)
  }
})

test('two consumers under one host are a fault', () => {
  const { teachers } = consumers
  assert.equal(signIn.check!({ consumers }), null)
  const found = signIn.check!({ consumers: { teachers, others: { ...teachers, at: 'https://XG.example.edu.cn' } } })
  assert.equal(found?.consumer, 'others')
  assert.match(found!.words.en, /the same `at`/)
})
