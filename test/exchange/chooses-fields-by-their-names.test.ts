import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { startTestGateway, type TestGateway } from '../support/start-gateway.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'

/** A row, and who is responsible for it; a system that answers what it is asked for, under the names it is asked to give. */
const row: Readonly<Record<string, unknown>> = { id: 7, xm: '张三丰', tel: '13912340987', 'first-tel': '13912340987' }
const guardian = { no: '3190100001', tel: '13912340987' }

let upstream: Upstream
let gateway: TestGateway

before(async () => {
  upstream = await startUpstream((request, response) => {
    const asked = new URL(request.url!, 'http://x').searchParams
    const names: readonly string[] = [...asked.values()].join().match(/[\p{L}_][\p{L}\p{N}_-]*/gu) ?? []
    const body = Object.fromEntries(names.filter(name => name in row).map(name => [name, row[name]]))
    const nested = names.includes('guardian') ? { guardian } : {}
    response.setHeader('content-type', 'application/json').end(JSON.stringify([{ ...body, ...nested }]))
  })
  gateway = await startTestGateway({
    upstream: upstream.url,
    policies: {
      'systems/upstream.yaml': [
        'system: upstream',
        'fields: { xm: person_name, guardian.no: student_number }',
        'routes:',
        '  - path: /flat',
        '    query: { $select: names, "fields[people]": names, "columns[]": names, sort: any, page: any }',
        '  - path: /nested',
        '    query: { select: nested_names, $expand: nested_names, fields: nested_names }',
        '  - path: /open',
      ].join('\n'),
    },
  })
})
after(async () => {
  await gateway.close()
  await upstream.close()
})

async function ask(target: string, headers = {}) {
  const before = upstream.calls.length
  const answer = await fetch(gateway.url + target.replaceAll(' ', '%20').replaceAll(';', '%3B'), { headers })
  const text = await answer.text()
  return { status: answer.status, text, calls: upstream.calls.length - before }
}

test('a client that asks for some fields gets those, masked as ever', async () => {
  const got = await ask('/flat?$select=id,xm,tel')
  assert.equal(got.status, 200, got.text)
  assert.deepEqual(JSON.parse(got.text)[0].id, 7)
  assert.ok(!got.text.includes('13912340987') && !got.text.includes('张三丰'), got.text)
  assert.deepEqual(upstream.calls.at(-1)!.url, '/flat?%24select=id%2Cxm%2Ctel')
})

for (const target of [
  '/flat?$select=',
  '/flat?$select=*',
  '/flat?fields[people]=tel, xm&page=2',
  '/flat?columns[]=tel&columns[]=xm',
  '/flat?$select=["xm","tel"]',
  '/flat?$select=电话,姓名',
  '/nested?select=id,xm,guardian(no,tel)',
  '/nested?select=*,guardian(*)',
  '/nested?fields=xm,guardian{no}',
  '/nested?fields=guardian.no,guardian/tel',
  '/nested?$expand=guardian($select=no,tel;$expand=org($select=id)),x',
]) {
  test(`fields are chosen by their names: ${target}`, async () => {
    const got = await ask(target)
    assert.equal(got.status, 200, got.text)
    for (const value of ['13912340987', '张三丰', '3190100001']) assert.ok(!got.text.includes(value), got.text)
  })
}

for (const [target, position] of [
  ['/flat?$select=xm,x:tel', 5],
  ['/flat?$select=tel x', 5],
  ['/flat?$select=tel as x', 5],
  ['/flat?$select=max(tel)', 4],
  ['/flat?$select=tel::text', 4],
  ['/flat?$select=info->tel', 5],
  ['/flat?$select=info->>tel', 5],
  ['/flat?$select=te*', 3],
  ['/flat?$select=tel||xm', 4],
  ["/flat?$select='tel'", 1],
  ['/flat?$select="tel"', 1],
  ['/flat?$select=tel/*x*/', 4],
  ['/flat?$select=-tel', 1],
  ['/flat?$select=tel-id', 1],
  ['/flat?$select=id,guardian.no', 4],
  ['/flat?$select=org.tel', 1],
  ['/flat?$select=guardian(tel)', 9],
  ['/flat?$select=tel,', 5],
  ['/flat?$select=["tel as x"]', 1],
  ['/flat?$select=["xm",1]', 1],
  ['/flat?$select=[{"tel":1}]', 1],
  ['/flat?$select=["tel"', 1],
  ['/flat?fields[people]=tel%2520x', 4],
  ['/nested?select=x:guardian(tel)', 2],
  ['/nested?select=guardian(x:tel)', 11],
  ['/nested?select=...guardian(tel)', 1],
  ['/nested?select=guardian(tel', 13],
  ['/nested?select=guardian(tel))', 14],
  ['/nested?select=guardian(tel}', 13],
  ['/nested?select=tel.max()', 9],
  ['/nested?select=guardian()', 10],
  ['/nested?$expand=guardian($filter=tel)', 10],
  ['/nested?select=guardian!inner(tel)', 9],
  [`/nested?select=${'a('.repeat(40)}`, 35],
] as const) {
  test(`nothing comes under another name than its own: ${target}`, async () => {
    const got = await ask(target)
    assert.equal(got.calls, 0)
    assert.equal(got.status, 400, got.text)
    const problem = JSON.parse(got.text)
    assert.equal(problem.code, 'CHOICE_REFUSED')
    assert.ok(problem.detail.startsWith(`Character ${position}: `), problem.detail)
    assert.equal(problem.fields.length, 1)
    assert.partialDeepStrictEqual((await gateway.records()).at(-1)!, { kind: 'refused', code: 'CHOICE_REFUSED' })
  })
}

test('a person at a browser is told in words which part is in the way', async () => {
  const got = await ask('/flat?$select=x:tel', { accept: 'text/html', 'accept-language': 'zh-CN' })
  assert.match(got.text, /^选取字段的参数只能写字段名本身\n第 2 个字符：不能给字段另起名称\n\n字段：\$select\n/)
})

test('what orders and filters is held to its rule beside it, and so is what no policy says of itself', async () => {
  for (const target of ['/flat?$select=id&sort=tel', '/open?$select=id,tel', '/open?fields=tel'])
    assert.equal((await ask(target)).status, 403, target)
  for (const target of ['/flat?$Select=tel', '/flat?fields[others]=tel'])
    assert.equal((await ask(target)).status, 400, target)
})

test('whatever is let through is made of names and what parts them', async () => {
  const piece = fc.constantFrom(
    'tel',
    'xm',
    'a',
    'x',
    ',',
    '.',
    '-',
    '/',
    '(',
    ')',
    '{',
    '}',
    '*',
    ':',
    '->',
    ' ',
    ';',
    '$select=',
    "'",
    '"',
    '[',
    ']',
    '姓名',
    '1',
    '%',
  )
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 9 }), fc.boolean(), async (pieces, nested) => {
      const written = pieces.join('')
      const got = await ask(`${nested ? '/nested?select' : '/flat?$select'}=${encodeURIComponent(written)}`)
      if (got.status !== 200) return
      assert.ok(!/[:'>%]/.test(written), written)
      // a blank beside a name is none that parts two of them
      assert.ok(!/[\p{L}\p{N}] +[\p{L}]/u.test(written), written)
      if (!nested) assert.ok(!/[()/{}$;]/.test(written), written)
    }),
    { numRuns: 300 },
  )
})
