import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PolicySummary } from '../../gateway/config/against-policy.ts'
import type { Form, Level } from '../../gateway/contracts.ts'
import type { RoutePolicy } from '../../gateway/policy/policy.ts'
import { readTemplate } from '../../gateway/policy/routes.ts'
import { load } from './load.ts'

const forms = (four: Form, three: Form) =>
  new Map<Level, Form>([
    [4, four],
    [3, three],
    [2, 'clear'],
    [1, 'clear'],
  ])
const audience = (name: string, four: Form, three: Form) =>
  [name, { name, title: null, forms: forms(four, three), clearWith: new Map() }] as const

const policy: PolicySummary = {
  audiences: new Map([audience('public', 'remove', 'redact'), audience('dean', 'partial', 'clear')]),
  systems: new Set(['xg']),
}

function templateOf(path: string): RoutePolicy['template'] {
  const read = readTemplate(path)
  assert.ok('template' in read)
  return read.template
}

async function found(yaml: string): Promise<string[]> {
  const result = await load(yaml)
  assert.ok(!('faults' in result))
  return result.against(policy).map(({ line, column, code }) => `${line}:${column} ${code}`)
}

test('systems and audiences that the policy knows are well', async () => {
  const yaml =
    'systems: { xg: { upstream: "http://u", prefix: /xg }, b: { upstream: "http://v", policy: shipped } }\n' +
    'consumers: { dean: { audience: dean, addresses: [10.0.0.1] } }\nanonymous: { audience: public }\n'
  assert.deepEqual(await found(yaml), [])
})

test('a system without a policy, and audiences there are not, are named with their places', async () => {
  const yaml =
    'systems: { xgg: { upstream: "http://u" } }\n' +
    'consumers: { oa: { audience: publik, addresses: [10.0.0.1] } }\nanonymous: { audience: nobody }\n'
  assert.deepEqual(await found(yaml), [
    '2:30 CONFIG_AUDIENCE_UNKNOWN',
    '3:24 CONFIG_AUDIENCE_UNKNOWN',
    '1:12 CONFIG_POLICY_MISSING',
  ])
})

test('answers that wait need somebody who reviews them', async () => {
  const routes = (review: Partial<Pick<RoutePolicy, 'unlisted' | 'review'>>) => ({
    ...policy,
    systems: new Map([['xg', { routes: [{ unlisted: 'scan', ...review } as const] }]]),
  })
  const result = await load('systems: { xg: { upstream: "http://u" } }\n')
  assert.ok(!('faults' in result))
  const codes = (review: Parameters<typeof routes>[0]) => result.against(routes(review)).map(({ code }) => code)
  assert.deepEqual(codes({ review: 'three' }), ['CONFIG_REVIEWS_MISSING'])
  assert.deepEqual(codes({ unlisted: 'hold' }), ['CONFIG_REVIEWS_MISSING'])
  assert.deepEqual(codes({}), [])
})

test('routes that repeat the prefix of their system, which no request has, are told', async () => {
  const against = async (prefix: string, paths: readonly string[]) => {
    const routes = paths.map(path => ({ unlisted: 'scan', template: templateOf(path) }) as const)
    const result = await load(`systems: { xg: { upstream: "http://u", prefix: ${prefix} } }\n`)
    assert.ok(!('faults' in result))
    const faults = result.against({ ...policy, systems: new Map([['xg', { routes }]]) })
    return faults.map(({ line, column, code, severity }) => `${line}:${column} ${code} ${severity}`)
  }
  assert.deepEqual(await against('/xg', ['/xg/api/a', '/xg/**']), ['1:48 CONFIG_PREFIX_TWICE warning'])
  assert.deepEqual(await against('/xg', ['/xg/api/a', '/api/a']), [])
  assert.deepEqual(await against('/xg', ['/xgb/a']), [])
  assert.deepEqual(await against('/xg', []), [])
})

test('callers without credentials may not be of an audience that sees level 3 or 4 clear', async () => {
  const yaml = 'systems: { xg: { upstream: "http://u" } }\nanonymous: { audience: dean }\n'
  assert.deepEqual(await found(yaml), ['2:24 CONFIG_ANONYMOUS_SEES_CLEAR'])
})
