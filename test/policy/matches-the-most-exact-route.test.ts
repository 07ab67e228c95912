import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { SystemPolicy } from '../../gateway/policy/policy.ts'
import { RouteTable, readTemplate, type Template } from '../../gateway/policy/routes.ts'
import { compileTexts } from '../support/policy-case.ts'

function tableOf(...texts: string[]): (path: string) => string | null {
  const table = new RouteTable<{ template: Template }>()
  for (const text of texts) {
    const read = readTemplate(text)
    assert.ok('template' in read, text)
    table.add({ template: read.template })
  }
  return path => table.find(path)[0]?.template.text ?? null
}

test('literal beats {x} beats **, segment by segment from the left', () => {
  const find = tableOf('/**', '/a/**', '/a/{x}', '/a/b', '/a/{x}/c', '/a/b/d', '/学生/{id}')
  const expected: Readonly<Record<string, string | null>> = {
    '/': '/**',
    '/x': '/**',
    '/a': '/a/**',
    '/a/': '/a/**',
    '/a/z': '/a/{x}',
    '/a/b': '/a/b',
    '/a/b/d': '/a/b/d',
    // The literal leads nowhere, so the parameter is tried.
    '/a/b/c': '/a/{x}/c',
    '/a/b/e': '/a/**',
    '/A/b': '/**',
    '/%E5%AD%A6%E7%94%9F/7': '/学生/{id}',
  }
  for (const [path, template] of Object.entries(expected)) assert.equal(find(path), template, path)
})

test('without a ** what no template names is no route', () => {
  const find = tableOf('/a/{x}', '/b/')
  for (const path of ['/', '/a', '/a/', '/a/x/', '/a/x/y', '/b', '/b//', '/a/%ZZ', 'a/x', ''])
    assert.equal(find(path), null, path)
  assert.equal(find('/b/'), '/b/')
})

test('any path of any length is answered at once', () => {
  const find = tableOf('/**', '/a/{x}/a/{y}/a/**', '/{x}/a/{y}/a', '/a/a/a/a/b')
  const path = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 40 }).map(parts => `/${parts.join('/')}`)
  fc.assert(fc.property(path, one => find(one) !== null))
  assert.equal(find(`/${'a/'.repeat(4000)}`), '/a/{x}/a/{y}/a/**')
})

function system(text: string): SystemPolicy {
  const compiled = compileTexts(new Map([['systems/s.yaml', text]]))
  assert.ok('policy' in compiled)
  return compiled.policy.systems.get('s')!
}

test('a method that no route of the path takes is refused, with those that are taken', () => {
  const { match } = system(`system: s
routes:
  - path: /a
  - path: /a
    methods: [POST, DELETE]
  - path: /b/{id}/{no}
    params: { id: student_number }
`)
  assert.deepEqual(match('PUT', '/a'), { refused: 'METHOD_NOT_ALLOWED', allow: ['DELETE', 'GET', 'HEAD', 'POST'] })
  assert.deepEqual(match('GET', '/c'), { refused: 'ROUTE_UNKNOWN' })
  const taken = match('HEAD', '/b/7%208/x')
  assert.ok('route' in taken)
  assert.deepEqual(
    [...taken.params],
    [
      ['id', '7 8'],
      ['no', 'x'],
    ],
  )
  assert.equal(taken.route.source, 'systems/s.yaml:6')
})
