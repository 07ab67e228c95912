import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type ProblemCode, problems, type Refusal } from '../../gateway/errors.ts'
import { problemAnswer } from '../../gateway/exchange/refusal/problem.ts'
import { type Redirection, responseHeaders } from '../../gateway/exchange/response/headers.ts'
import { parseMediaType } from '../../gateway/exchange/response/media-type.ts'

const redirection: Redirection = {
  upstreamOrigin: 'http://10.0.0.5:8080',
  upstreamBase: '',
  askedPath: '/api/list',
  publicBase: 'https://xg.example.edu.cn/xg',
  mayShow: ({ path }) => !path.includes('138'),
  mayShowText: text => !text.includes('138'),
  sessions: false,
}

const listed = new Set([
  'allow',
  'cache-control',
  'content-disposition',
  'content-language',
  'content-type',
  'location',
  'refresh',
  'retry-after',
  'x-content-type-options',
  'x-total-count',
])

test('whatever an upstream puts into a head, only listed names leave, with values in a shape of their own', () => {
  const names = fc.oneof(fc.constantFrom(...listed, 'etag', 'set-cookie', '__proto__', 'constructor'), fc.string())
  const values = fc.oneof(
    fc.string(),
    fc.array(fc.string(), { maxLength: 3 }),
    fc.constantFrom('0', 'attachment; filename=x'),
  )
  fc.assert(
    fc.property(fc.array(fc.tuple(names, values), { maxLength: 8 }), pairs => {
      let headers: Record<string, unknown>
      try {
        headers = responseHeaders(Object.fromEntries(pairs), 'application/json', () => redirection)
      } catch (error) {
        assert.equal((error as Refusal).code, 'LOCATION_WITHHELD')
        return
      }
      for (const [name, value] of Object.entries(headers)) {
        assert.ok(listed.has(name), name)
        assert.match(String(value), /^[\x20-\x7e]*$/)
      }
      assert.equal(headers['cache-control'], 'no-store, private')
    }),
  )
})

test('values are made again, or left out', () => {
  const remade = (name: string, value: string) => responseHeaders({ [name]: value }, null, () => redirection)[name]
  assert.equal(remade('content-disposition', 'Attachment; filename="a.json"'), 'attachment; filename="a.json"')
  assert.equal(remade('content-disposition', 'attachment; filename="138.json"'), 'attachment; filename="download.json"')
  assert.equal(remade('refresh', '5; URL=/next'), '5; url=https://xg.example.edu.cn/xg/next')
  assert.equal(remade('refresh', '05'), '5')
  assert.equal(remade('refresh', '5; url=/138'), undefined)
  assert.equal(remade('refresh', '0; url=https://elsewhere.example/'), undefined)
  assert.equal(remade('link', '</138>; rel=next'), undefined)
  assert.equal(remade('content-location', '/138'), undefined)
  assert.equal(remade('content-disposition', 'form-data; name=x'), undefined)
  assert.equal(remade('retry-after', '120'), '120')
  assert.equal(remade('retry-after', '13800138000'), undefined)
  assert.equal(remade('x-total-count', '00123'), '123')
  assert.equal(remade('x-total-count', '13800138000'), undefined)
  assert.equal(remade('allow', 'GET, 13800138000, post'), 'GET, POST')
  assert.equal(remade('content-language', 'zh-CN'), 'zh-CN')
  assert.equal(remade('cache-control', 'public, max-age=60'), 'no-store, private')
})

test('a redirect within the system leads to where callers reach it; any other is withheld', () => {
  const relocate = (location: string | string[]) => {
    try {
      return responseHeaders({ location }, null, () => redirection)['location']
    } catch (error) {
      return (error as Refusal).code
    }
  }
  const base = 'https://xg.example.edu.cn/xg'
  assert.equal(relocate('/login'), `${base}/login`)
  assert.equal(relocate('next?page=2'), `${base}/api/next?page=2`)
  assert.equal(relocate('../home#top'), `${base}/home#top`)
  assert.equal(relocate('http://10.0.0.5:8080/a/%7Eb'), `${base}/a/~b`)
  for (const location of [
    'http://10.0.0.5/a',
    'https://10.0.0.5:8080/a',
    '//evil.example/a',
    'http://u:p@10.0.0.5:8080/a',
    'javascript:alert(1)',
    '/find/13800138000',
    '/a#13800138000',
    '/a;jsessionid=1',
    '/a%2fb',
    '/张三',
    '/a\r\nx: y',
    ['/a', '/b'],
  ])
    assert.equal(relocate(location), 'LOCATION_WITHHELD', String(location))
})

test('a label is read strictly, and two charsets are none', () => {
  const read = (header: string | null) => {
    const { essence, charset } = parseMediaType(header)
    return `${essence} ${charset}`
  }
  assert.equal(read(null), 'null null')
  assert.equal(read('Application/JSON; Charset="UTF-8"'), 'application/json utf-8')
  assert.equal(read('text/html;charset=gbk;x=1'), 'text/html gbk')
  assert.equal(read('application/json;'), 'application/json null')
  assert.equal(read('application/json; charset=utf-8; charset=utf-8'), 'application/json utf-8')
  assert.equal(read('application/json; charset=utf-8; charset=gbk'), 'application/json unreadable')
  assert.equal(read('application/json; charset'), 'application/json unreadable')
  assert.equal(read('application/json, text/html'), 'null unreadable')
  assert.equal(read('json'), 'null unreadable')
})

test('a problem has the status of its code, both languages, and nothing but what RFC 9457 and DESIGN list', () => {
  for (const code of Object.keys(problems) as ProblemCode[]) {
    for (const [languages, lang] of [
      ['zh-CN,zh;q=0.9,en;q=0.8', 'zh'],
      ['en-GB', 'en'],
      ['fr, zh', 'zh'],
      [undefined, 'en'],
    ] as const) {
      const context = { code, details: { retryAfter: 3 }, record: 'gw1-0:7', contact: '0571-0000000', languages }
      const { status, headers, body } = problemAnswer(context)
      assert.equal(status, problems[code].status)
      assert.equal(headers['cache-control'], 'no-store, private')
      assert.deepEqual(JSON.parse(body), {
        type: `urn:veilgate:problem:${code}`,
        title: problems[code].title[lang],
        status,
        code,
        record: 'gw1-0:7',
        contact: '0571-0000000',
        retry_after: 3,
      })
    }
  }
})
