import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Refusal } from '../../gateway/errors.ts'
import { renderTarget } from '../../gateway/exchange/request/render-target.ts'
import { parseTarget, segmentsOf } from '../../gateway/exchange/request/target.ts'

const refused = [
  '',
  '*',
  'example.com:443',
  'api/students',
  '//evil.example/x',
  '/a//b',
  '/./a',
  '/a/..',
  '/a/../b',
  '/a/%2e%2e/b',
  '/a/%2E./b',
  '/a%2fb',
  '/a%5cb',
  '/a\\b',
  '/a;b=c',
  '/a%3bb',
  '/a%00',
  '/a%0d%0ab',
  '/a%252fb',
  '/a%2',
  '/a%zz',
  '/a%ff',
  '/a%c0%af',
  '/a%3f',
  '/a%23',
  '/a#b',
  '/a?b#c',
  '/a b',
  '/张三',
  '/%EF%BC%8E%EF%BC%8E/x',
  '/x%EF%BC%8Fy',
  '/a?x=1&x=2',
  '/a?x=1&X=2',
  '/a?x=1&X=1',
  '/a?x&x=',
  '/a?id[]=1&ID[]=2',
  '/a?id[0]=1&id[0]=2',
  '/a?x=1;y=2',
  '/a?=1',
  '/a?x=%00',
  '/a?x=%ff',
  '/a?x%2500=1',
  'http://other.example/a',
  'http://user@gw.example/a',
  'ftp://gw.example/a',
]

for (const raw of refused) {
  test(`the target ${JSON.stringify(raw).slice(0, 40)} is refused as malformed`, () => {
    assert.throws(
      () => parseTarget(raw, 'gw.example'),
      error => error instanceof Refusal && error.code === 'TARGET_MALFORMED',
    )
  })
}

test('a target that is too long is told as that', () => {
  assert.equal(parseTarget(`/${'a'.repeat(8191)}`, undefined).path.length, 8192)
  assert.throws(
    () => parseTarget(`/${'a'.repeat(8192)}`, undefined),
    error => error instanceof Refusal && error.code === 'TARGET_TOO_LONG',
  )
})

const accepted: [string, string][] = [
  ['/', '/'],
  ['/a/b/', '/a/b/'],
  ['/%61dmin', '/admin'],
  ['/a%2db%7e', '/a-b~'],
  ['/%e5%bc%a0', '/%E5%BC%A0'],
  ['/a:b@c,d=e', '/a:b@c,d=e'],
  ['/a?', '/a'],
  ['/a?x', '/a?x'],
  ['/a?x=', '/a?x='],
  ['/a?&x=1&&y=2&', '/a?x=1&y=2'],
  ['/a?q=a+b%20c', '/a?q=a%20b%20c'],
  ['/a?f[name]=%41', '/a?f%5Bname%5D=A'],
  ['/a?x=1%262', '/a?x=1%262'],
  ['/a?r=/&r=%2F&y=1', '/a?r=%2F&y=1'],
  ['/a?id[]=1&id%5b%5d=2&id[]=1', '/a?id%5B%5D=1&id%5B%5D=2&id%5B%5D=1'],
  ['/a?x=a=b', '/a?x=a%3Db'],
  ['/a?x=100%25', '/a?x=100%25'],
  ['http://gw.example/a?x=1', '/a?x=1'],
  ['HTTP://GW.example', '/'],
]

for (const [raw, normal] of accepted) {
  test(`the target ${raw} is forwarded as ${normal}`, () => {
    const target = parseTarget(raw, 'gw.example')
    assert.equal(renderTarget(target.path, target.parameters), normal)
  })
}

test('whatever is accepted has one normal form, and reading that again gives the same', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '/',
      '..',
      '.',
      '%2e',
      '%2F',
      '%25',
      ';',
      '?',
      '&',
      '=',
      '+',
      '#',
      '%00',
      'a',
      'B',
      '%e5%bc%a0',
      '[',
      '"',
    ),
    fc.string({ maxLength: 3 }),
    fc.string({ unit: 'binary', maxLength: 2 }).map(encodeURIComponentOrNothing),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), pieces => {
      const raw = `/${pieces.join('')}`
      let target: ReturnType<typeof parseTarget>
      try {
        target = parseTarget(raw, undefined)
      } catch (error) {
        assert.ok(error instanceof Refusal)
        return
      }
      const normal = renderTarget(target.path, target.parameters)
      assert.match(normal, /^\/[\x21-\x7e]*$/)
      assert.doesNotMatch(target.path, /[;#\\?]|%2f|%5c|%25|%00|\/\/|\/\.{1,2}(\/|$)/i)
      const again = parseTarget(normal, undefined)
      assert.deepEqual(again, target)
      assert.equal(renderTarget(again.path, again.parameters), normal)
      // the URL standard, by which browsers and many clients read, sees the same path
      assert.equal(new URL(`http://x${normal}`).pathname, target.path)
      for (const segment of segmentsOf(target.path)) assert.notEqual(segment, '..')
    }),
    { numRuns: 2000 },
  )
})

function encodeURIComponentOrNothing(text: string): string {
  try {
    return encodeURIComponent(text)
  } catch {
    return ''
  }
}
