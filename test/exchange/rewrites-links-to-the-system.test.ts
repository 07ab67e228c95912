import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { linksOf } from '../../gateway/exchange/response/links.ts'

function rewrite(links: ReturnType<typeof linksOf>, text: string, cuts: readonly number[] = []): string {
  const bytes = Buffer.from(text)
  const { before, after } = links()
  const ends = [...cuts.map(cut => cut % (bytes.length + 1)).toSorted((one, other) => one - other), bytes.length]
  const write = (piece: Uint8Array) => Buffer.from(after.write(before === null ? piece : before.write(piece)))
  const pieces = ends.map((end, at) => write(bytes.subarray(ends[at - 1] ?? 0, end)))
  if (before !== null) pieces.push(Buffer.from(after.write(before.end())))
  return Buffer.concat([...pieces, after.end()]).toString()
}

const links = linksOf('http://10.0.0.5:8080', '', 'https://xg.example.edu.cn/xg')
const changed: [string, string][] = [
  ['<a href="http://10.0.0.5:8080/a?b=1#c">', '<a href="https://xg.example.edu.cn/xg/a?b=1#c">'],
  ["<img src='//10.0.0.5:8080/a.png'>", "<img src='https://xg.example.edu.cn/xg/a.png'>"],
  ['{"u":"http:\\/\\/10.0.0.5:8080\\/a"}', '{"u":"https:\\/\\/xg.example.edu.cn\\/xg\\/a"}'],
  ['/cas?service=http%3A%2F%2F10.0.0.5%3A8080%2Fa', '/cas?service=https%3A%2F%2Fxg.example.edu.cn%2Fxg%2Fa'],
  ['见http://10.0.0.5:8080。', '见https://xg.example.edu.cn/xg。'],
  ['see http://10.0.0.5:8080.', 'see https://xg.example.edu.cn/xg.'],
  ['url(http://10.0.0.5:8080)', 'url(https://xg.example.edu.cn/xg)'],
]
const unchanged = [
  'http://10.0.0.5:80801/a',
  'http://10.0.0.55:8080/a',
  'http://110.0.0.5:8080/a',
  'https://10.0.0.5:8080/a',
  'ftp://10.0.0.5:8080/a',
  'xhttp://10.0.0.5:8080/a',
  'http://10.0.0.5/a',
  'http://10.0.0.5:8080.evil.com',
  'http://10.0.0.5:8080@evil.com',
  'http://a@10.0.0.5:8080/',
  '/a//10.0.0.5:8080/a',
  '10.0.0.5:8080',
  'http:///10.0.0.5:8080',
  '',
  'h',
  'htt',
]

test('links to the system lead to the gateway, in every way of writing them', () => {
  for (const [text, expected] of changed) assert.equal(rewrite(links, text), expected)
})

test('other addresses stay as they are', () => {
  for (const text of unchanged) assert.equal(rewrite(links, text), text)
})

test('a body in pieces is rewritten as in one', () => {
  for (const [text, expected] of [...changed, ...unchanged.map(text => [text, text] as const)]) {
    for (let cut = 0; cut <= Buffer.byteLength(text); cut++) assert.equal(rewrite(links, text, [cut]), expected, text)
  }
  const piece = fc.constantFrom(
    'http:',
    'https:',
    '//',
    '\\/\\/',
    '10.0.0.5:8080',
    '10.0.0.5',
    ':8080',
    '/',
    '.',
    '"',
    'a',
    '学',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), fc.array(fc.nat(200), { maxLength: 8 }), (pieces, cuts) => {
      const text = pieces.join('')
      assert.equal(rewrite(links, text, cuts), rewrite(links, text))
    }),
    { numRuns: 2000 },
  )
})

test('a text that has no beginning of a link at its end is not held back', () => {
  const { before, after } = links()
  for (const text of ['data: {"a":"x"}\n\n', 'data: http://a.b/c\n\n', '</html>\n'])
    assert.equal(Buffer.from(after.write(before!.write(Buffer.from(text)))).toString(), text)
})

test('under a base path only what is under it is rewritten', () => {
  const based = linksOf('http://old.lan', '/app', '/xg')
  for (const [text, expected] of [
    ['http://old.lan/app/a', '/xg/a'],
    ['http://old.lan:80/app/a', '/xg/a'],
    ['http://old.lan/app?x=1', '/xg?x=1'],
    ['"http://old.lan/app"', '"/xg"'],
    ['http://old.lan/application', 'http://old.lan/application'],
    ['http://old.lan/other', 'http://old.lan/other'],
    ['http://old.lan:8080/app/a', 'http://old.lan:8080/app/a'],
    ['"http:\\/\\/old.lan\\/app\\/a"', '"\\/xg\\/a"'],
  ] as const)
    assert.equal(rewrite(based, text), expected)
})

test('without a public address links become paths', () => {
  const bare = linksOf('http://10.0.0.5:8080', '', '')
  assert.equal(rewrite(bare, '"http://10.0.0.5:8080/a" "http://10.0.0.5:8080"'), '"/a" "/"')
  assert.equal(rewrite(bare, '"http://10.0.0.5:8080?a=1"'), '"/?a=1"')
})

test('links are found whatever the host is made of, among texts that look like parts of it', () => {
  const hosts = [
    'oa.edu.cn',
    'a',
    'aa.aa',
    'localhost',
    '127.0.0.1',
    'jw-xt.example.edu.cn',
    '[::1]',
    'x_y.z',
    '1e.e1e',
  ]
  const host = fc.oneof(
    fc.constantFrom(...hosts),
    fc.stringMatching(/^[a-z]([a-z0-9-]{0,12}[a-z])?(\.[a-z]{1,9}){0,3}$/),
  )
  const noise = fc.array(fc.oneof(fc.nat(30), fc.constantFrom('.', '"', ' ', '。', '//')), { maxLength: 12 })
  fc.assert(
    fc.property(
      host,
      fc.array(noise, { maxLength: 5 }),
      fc.array(fc.nat(300), { maxLength: 3 }),
      (name, around, cuts) => {
        const of = linksOf(`http://${name}`, '', 'https://gw.example/p')
        const partOf = (one: string | number) =>
          typeof one === 'number' ? name.slice(one % name.length).slice(0, 1 + (one % 9)) : one
        const texts = around.map(one => one.map(partOf).join(''))
        // a quote ends what stands ahead and the slash what follows, so that each is a link
        const text = texts.map(one => `${one} "http://${name}/`).join('')
        const rewritten = rewrite(of, text, cuts)
        assert.equal(rewritten.split('"https://gw.example/p/').length, texts.length + 1)
        assert.ok(!rewritten.includes(`"http://${name}/`))
      },
    ),
    { numRuns: 500 },
  )
})
