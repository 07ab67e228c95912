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
    '/A/z': '/a/{x}',
    '/%E5%AD%A6%E7%94%9F/7': '/学生/{id}',
  }
  for (const [path, template] of Object.entries(expected)) assert.equal(find(path), template, path)
})

/** What a server of its kind answers with what is at the path behind it. */
const alsoRead: Readonly<Record<string, readonly string[]>> = {
  '/api/students': [
    '/API/students',
    '/Api/Students',
    '/api/students/',
    '/api/students.json',
    '/api/students.XML',
    '/api/ＳＴＵＤＥＮＴＳ',
  ],
  '/Export/List.aspx': [
    '/export/list.aspx',
    '/EXPORT/LIST.ASPX',
    '/Export/List.aspx/',
    '/Export/List.aspx/a/b',
    '/export/list.aspx.',
    '/export/list.aspx%20',
    '/export/list.aspx::$DATA',
    '/export/list.aspx.%20.',
  ],
  '/score.php': ['/score.php/x.css', '/SCORE.PHP/x', '/score.php/'],
  '/people/{id}/scores': ['/People/7/Scores', '/people/7/scores/', '/people/7.5/scores.csv'],
  '/people/{id}': ['/PEOPLE/7', '/people./7'],
  '/health/': ['/health', '/health/index.html', '/Health/Default.aspx'],
}

test('a path that servers take for that of a more exact route is of that route', () => {
  const find = tableOf('/**', '/people/**', '/{one}/{other}', ...Object.keys(alsoRead))
  for (const [template, paths] of Object.entries(alsoRead))
    for (const path of [template.replace('{id}', '7'), ...paths.map(encodeURI)])
      assert.equal(find(path.replaceAll('%25', '%')), template, path)
})

test('what is written as a template has it is of that, whatever else it is near', () => {
  const templates = [
    '/**',
    '/a',
    '/A',
    '/a/',
    '/a/index.html',
    '/a/{x}',
    '/a.php',
    '/a.php/{x}',
    '/a.json',
    '/b',
    '/b/**',
  ]
  for (const order of [templates, templates.toReversed()]) {
    const find = tableOf(...order)
    for (const path of ['/a', '/A', '/a/', '/a/index.html', '/a.php', '/a.json']) assert.equal(find(path), path)
    assert.equal(find('/a.php/x'), '/a.php/{x}')
    assert.equal(find('/a/x'), '/a/{x}')
    assert.equal(find('/b/x.json'), '/b/**')
    assert.equal(find('/c.php/x'), '/**')
  }
})

test('no other spelling opens what no template names', () => {
  const find = tableOf('/a/b', '/c/', '/d.php')
  for (const path of ['/A/b', '/a/b/', '/a/b.json', '/c', '/d.php/x']) assert.equal(find(path), null, path)
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

test('a path in another spelling is no file of a page that passes unread', () => {
  const { match } = system(`system: s
assets: { paths: [/data/**] }
routes: [ { path: /data/rows.js, jsonp: allow } ]
`)
  const templateOf = (path: string) => {
    const found = match('GET', path)
    return 'route' in found ? found.route.template.text : null
  }
  for (const path of ['/data/rows.js', '/data/ROWS.js', '/DATA/rows.js', '/data/rows.js.'])
    assert.equal(templateOf(path), path.startsWith('/DATA') ? null : '/data/rows.js', path)
  assert.equal(templateOf('/data/other.js'), '/data/**')
})
