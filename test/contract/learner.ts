import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { IdentityPlugin, Learner, SystemAnswer, SystemRequest } from '../../gateway/contracts.ts'
import { testKeys } from './key-ring.ts'
import { isAPlugin } from './plugin.ts'

/** How an identity that learns is tried: one consumer, a request that signs in there, and what the system says to it. */
export type Learning = {
  readonly consumer: string
  readonly declared: unknown
  readonly request: Pick<SystemRequest, 'system' | 'method' | 'path'>
  readonly field: string
  readonly accepted: SystemAnswer
  /** Answers that accept nobody. */
  readonly refused: readonly SystemAnswer[]
  /** The system's session before, and as `accepted` sets it. */
  readonly session: { readonly name: string; readonly before: string; readonly after: string }
}

/** What every identity that learns keeps to. */
export function learnerContract(plugin: IdentityPlugin, tried: Learning): void {
  const { consumer, declared, field, accepted, refused, session } = tried
  describe(`identity ${plugin.name}`, () => {
    isAPlugin(plugin, 'identity')
    const learner: Learner = plugin.learn!({ consumers: { [consumer]: declared } }, testKeys)
    const request = (changed: Partial<SystemRequest> & { session?: string | null } = {}): SystemRequest => {
      const { session: sent = session.before, ...others } = changed
      const cookie = (name: string) => (name === session.name ? sent : null)
      return { consumer, ...tried.request, sent: [], secure: true, cookie, ...others }
    }
    const learnt = (login = 'u1203') => learner.answered(request(), login, accepted).map(one => one.split(';')[0]!)
    const later = (sent: readonly string[], changed = {}) =>
      learner.operator(request({ sent, session: session.after, ...changed }))

    test('names no consumer', () => {
      const identify = plugin.create({ consumers: { [consumer]: declared } }, testKeys)
      const head = { method: 'GET', target: '/', headers: Object.create(null) }
      assert.equal(
        identify(head, { address: '::1', socket: '::1', port: 1, secure: true, certificate: () => null }),
        null,
      )
    })

    test('reads the login where it is told to, and nowhere else', () => {
      assert.equal(learner.field(request()), field)
      for (const other of [{ method: 'GET' }, { path: '/other' }, { system: 'other' }, { consumer: 'other' }])
        assert.equal(learner.field(request(other)), null)
    })

    test('knows the operator beside the session that the system accepted', () => {
      assert.equal(later(learnt()), 'u1203')
      assert.equal(later(learnt('u1'), { method: 'GET', path: '/anything' }), 'u1')
    })

    test('knows nobody without a login, without its word, or with another session, consumer or system', () => {
      assert.equal(learner.operator(request({ session: session.after })), null)
      for (const other of [
        { session: session.before },
        { session: null },
        { session: `${session.after}x` },
        { consumer: 'other' },
        { system: 'other' },
      ])
        assert.equal(later(learnt(), other), null)
      assert.deepEqual(learner.answered(request(), null, accepted), [])
      for (const answer of refused) assert.deepEqual(learner.answered(request(), 'u1203', answer), [])
    })

    test('knows nobody by a cookie that comes twice, or is changed by a character', () => {
      const [cookie] = learnt() as [string]
      for (const sent of [[cookie, cookie], [`${cookie}x`], [cookie.slice(0, -1)], [`${cookie}; ${cookie}`]])
        assert.equal(later(sent), null)
    })

    test('gives out no value that was shown to it', () => {
      const all = learner.answered(request(), 'u1203', accepted).join()
      for (const word of ['u1203', session.before, session.after]) assert.ok(!all.includes(word))
      assert.match(all, /; HttpOnly; SameSite=Lax; Secure$/)
    })

    test('answers whatever comes', () => {
      fc.assert(
        fc.property(
          fc.array(fc.string()),
          fc.string(),
          fc.integer(),
          fc.option(fc.string()),
          (sent, name, status, location) => {
            assert.equal(later(sent), null)
            learner.answered(request({ sent }), name, { status, location, cookies: new Map([[name, location]]) })
          },
        ),
        { numRuns: 100 },
      )
    })
  })
}
