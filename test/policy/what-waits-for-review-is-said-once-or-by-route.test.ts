import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileTexts } from '../support/policy-case.ts'

const compiled = (yaml: string) => compileTexts(new Map([['systems/s.yaml', `system: s\n${yaml}`]]))

test('what a system says holds for its routes, unless one says otherwise, and never for a page’s own files', () => {
  const result = compiled(`unlisted: hold
review: three
assets: { paths: [/static/**] }
routes:
  - path: /a
  - { path: /b, unlisted: scan, review: none }
  - { path: /c, unlisted: { keep: readings of machines } }
`)
  assert.ok('policy' in result)
  const { policy } = result
  const system = policy.systems.get('s')!
  const planOf = (path: string) => {
    const match = system.match('GET', path)
    assert.ok('route' in match)
    const { unlisted, review } = policy.plan(system, match.route, 'public', new Set())
    return [unlisted, review]
  }
  assert.deepEqual(planOf('/a'), ['hold', 'three'])
  assert.deepEqual(planOf('/b'), ['scan', undefined])
  assert.deepEqual(planOf('/c'), ['keep', 'three'])
  assert.deepEqual(planOf('/static/x.css'), ['scan', undefined])
})

test('another word is a fault, with its place', () => {
  const result = compiled('routes:\n  - { path: /a, unlisted: wait }\n  - { path: /b, review: two }\n')
  assert.ok('faults' in result)
  assert.deepEqual(
    result.faults.map(({ line, code }) => `${line} ${code}`),
    ['3 POLICY_VALUE', '4 POLICY_VALUE'],
  )
})
