import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { engine } from '../../gateway/cli/policies/policies.ts'
import { normalizeName } from '../../gateway/policy/names.ts'
import { pathKey, readPath } from '../../gateway/policy/paths.ts'
import { compileTexts } from '../support/policy-case.ts'

/** What the public gets of `given` where `fields` are of a cell that is removed for it. */
function removed(fields: Readonly<Record<string, string>>, given: string): string {
  const text = JSON.stringify({ system: 's', fields, routes: [{ path: '/a', unlisted: { keep: 'a test' } }] })
  const compiled = compileTexts(new Map([['systems/s.yaml', text]]))
  assert.ok('policy' in compiled, JSON.stringify(compiled.faults))
  const system = compiled.policy.systems.get('s')!
  const plan = compiled.policy.plan(system, system.routes[0]!, 'public', new Set())
  const outcome = engine.mask(plan, 'application/json', Buffer.from(given))
  assert.ok('sees' in outcome)
  return outcome.sees
}

const given = '{"a":{"b":1,"c":[{"b":2},{"b":3,"d":{"b":4}}]},"b":5,"x.y":6}'

test('each kind of path names its places and no others', () => {
  const table: readonly (readonly [path: string, sees: string])[] = [
    ['b', '{"a":{"c":[{},{"d":{}}]},"x.y":6}'],
    ['B', '{"a":{"c":[{},{"d":{}}]},"x.y":6}'],
    ['a.b', '{"a":{"c":[{"b":2},{"b":3,"d":{"b":4}}]},"b":5,"x.y":6}'],
    ['c.b', '{"a":{"b":1,"c":[{},{"d":{"b":4}}]},"b":5,"x.y":6}'],
    ['/b', '{"a":{"b":1,"c":[{"b":2},{"b":3,"d":{"b":4}}]},"x.y":6}'],
    ['/a.c.b', '{"a":{"b":1,"c":[{},{"d":{"b":4}}]},"b":5,"x.y":6}'],
    ['/a.c', '{"a":{"b":1},"b":5,"x.y":6}'],
    ['$.b', '{"a":{"b":1,"c":[{"b":2},{"b":3,"d":{"b":4}}]},"x.y":6}'],
    ['$.a.c.b', given],
    ['$.a.c[0].b', '{"a":{"b":1,"c":[{},{"b":3,"d":{"b":4}}]},"b":5,"x.y":6}'],
    ['$.a.c[*].b', '{"a":{"b":1,"c":[{},{"d":{"b":4}}]},"b":5,"x.y":6}'],
    ['$.a.c[1].*', '{"a":{"b":1,"c":[{"b":2},{}]},"b":5,"x.y":6}'],
    ['$.a..b', '{"a":{"c":[{},{"d":{}}]},"b":5,"x.y":6}'],
    ['$..d.b', '{"a":{"b":1,"c":[{"b":2},{"b":3,"d":{}}]},"b":5,"x.y":6}'],
    ["$..[1]['b']", '{"a":{"b":1,"c":[{"b":2},{"d":{"b":4}}]},"b":5,"x.y":6}'],
    ["$['x.y']", '{"a":{"b":1,"c":[{"b":2},{"b":3,"d":{"b":4}}]},"b":5}'],
    ['$["x\\u002ey"]', '{"a":{"b":1,"c":[{"b":2},{"b":3,"d":{"b":4}}]},"b":5}'],
  ]
  for (const [path, sees] of table) assert.equal(removed({ [path]: 'A4' }, given), sees, path)
})

test('the nearer rule, then the longer path, then the higher level decides', () => {
  assert.equal(removed({ a: 'A4', 'c.b': 'C1' }, given), '{"b":5,"x.y":6}')
  assert.equal(removed({ b: 'A4', 'c.b': 'C1' }, given), '{"a":{"c":[{"b":2},{"b":3,"d":{}}]},"x.y":6}')
  assert.equal(removed({ '/b': 'C1', '$.b': 'A4' }, given), '{"a":{"b":1,"c":[{"b":2},{"b":3,"d":{"b":4}}]},"x.y":6}')
})

test('any text is a path or is told why not, and spellings of one path are one', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom(...'$.a/[]*0\'"\\-:?') })),
      text => {
        const read = readPath(text)
        if ('wrong' in read) return assert.ok(read.wrong.message.zh.length > 0 && read.wrong.message.en.length > 0)
        assert.ok(read.path.steps.length > 0)
        for (const step of read.path.steps) if ('name' in step) assert.equal(step.name, normalizeName(step.name))
        assert.equal(read.path.text, text)
      },
    ),
    { numRuns: 2000 },
  )
  const key = (text: string) => {
    const read = readPath(text)
    assert.ok('path' in read)
    return pathKey(read.path)
  }
  assert.equal(key('Guardian.ID_card'), key('guardian.idＣard'))
  assert.equal(key("$['a']['b']"), key('$.a.b'))
  assert.notEqual(key('/a.b'), key('a.b'))
  assert.notEqual(key('/a.b'), key('$.a.b'))
})
