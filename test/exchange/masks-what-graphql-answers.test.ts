import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { startTestGateway, type TestGateway } from '../support/start-gateway.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'

const student = {
  id: 7,
  xm: '张三丰',
  tel: '13912340987',
  advisor: { no: '3190100001' },
  remark: '家长电话13912340987',
}
const schema = {
  __schema: { types: [{ name: 'Student', fields: [{ name: 'tel' }, { name: '王建国', description: '13912340987' }] }] },
}

let upstream: Upstream
let gateway: TestGateway

before(async () => {
  upstream = await startUpstream((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => void pieces.push(piece))
    request.on('end', () => {
      const sent = Buffer.concat(pieces).toString() + decodeURIComponent(request.url!)
      const one = sent.includes('__schema')
        ? { data: schema }
        : { data: { students: [student] }, errors: [{ message: 'no student has 13912340987', path: ['students'] }] }
      const body = JSON.stringify(sent.startsWith('[') ? [one, one] : one)
      response.setHeader('content-type', 'application/graphql-response+json').end(body)
    })
  })
  gateway = await startTestGateway({
    upstream: upstream.url,
    policies: {
      'systems/upstream.yaml': [
        'system: upstream',
        'fields: { xm: person_name, advisor.no: student_number, motto: { not_personal: sayings } }',
        'routes:',
        '  - path: /graphql',
        '    methods: [GET, POST]',
        '    body: graphql',
        '    query: { lang: any }',
        '  - path: /quiet',
        '    methods: [POST]',
        '    body: graphql',
        '    fields: { /errors.message: B4 }',
        '  - path: /other',
        '    methods: [POST]',
        '    query: { query: any }',
      ].join('\n'),
    },
  })
})
after(async () => {
  await gateway.close()
  await upstream.close()
})

type Got = {
  readonly status: number
  readonly text: string
  readonly calls: number
  readonly code?: string
  readonly detail?: string
}

async function send(target: string, init?: RequestInit): Promise<Got> {
  const before = upstream.calls.length
  const answer = await fetch(gateway.url + target, init)
  const text = await answer.text()
  const told = answer.ok ? {} : JSON.parse(text)
  const { code, detail } = told.errors?.[0].extensions.problem ?? told
  return { status: answer.status, text, calls: upstream.calls.length - before, code, detail }
}

const json = { 'content-type': 'application/json' }
const post = (body: unknown, target = '/graphql') =>
  send(target, { method: 'POST', headers: json, body: typeof body === 'string' ? body : JSON.stringify(body) })
const ask = (query: string, variables?: object) => post({ query, ...(variables && { variables }) })

const values = ['13912340987', '张三丰', '3190100001']
const noValue = (text: string) => {
  for (const value of values) assert.ok(!text.includes(value), text)
}

for (const document of [
  '{ students { id xm tel advisor { no } remark } }',
  'query List($first: Int = 10, $with: Boolean!) { students(first: $first) { ...S advisor @include(if: $with) { no } } } fragment S on Student { xm tel }',
  '{ a: students(page: 1) { id } b: students(page: 2) { ... on Student { count: size } __typename } }',
  'query A { students { id } } # { x: tel }\nquery B { students { xm } }',
  '{ me: student(id: 7) { tel } first: students(page: 1) { id tel } doctor: student(id: 8) { xm } }',
  'subscription { students { tel } }',
]) {
  test(`a document is sent on as it came, and its answer masked: ${document}`, async () => {
    const got = await ask(document)
    assert.equal(got.status, 200, got.text)
    noValue(got.text)
    assert.match(got.text, /"id":7/)
  })
}

test('what a system says of its errors can be taken away, as the guide says', async () => {
  const got = await post({ query: '{ students { id } }' }, '/quiet')
  assert.deepEqual(JSON.parse(got.text).errors, [{ path: ['students'] }])
})

test('by GET and several at once too', async () => {
  const query = encodeURIComponent('query($n: Int) { students(first: $n) { xm } }')
  const got = await send(`/graphql?query=${query}&variables=${encodeURIComponent('{"n":3}')}&lang=zh`)
  assert.equal(got.status, 200, got.text)
  noValue(got.text)
  const both = await post([{ query: '{ students { xm } }' }, { query: '{ students { tel } }', operationName: null }])
  assert.equal(both.status, 200, both.text)
  noValue(both.text)
})

const refused: readonly [what: string, document: string, detail: RegExp][] = [
  ['a field under another name', '{ students {\n  x: tel } }', /^Line 2, character 3: .*without the alias$/],
  ['one that a path of the policy leads through', '{ students { x: advisor { no } } }', /without the alias$/],
  ['one that a path ends at', '{ students { advisor { x: no } } }', /without the alias$/],
  ['one that says at its end what it is', '{ students { x: guarTel } }', /without the alias$/],
  [
    'a field in a fragment under another name',
    '{ students { ...S } } fragment S on Student { x: xm }',
    /without the alias$/,
  ],
  ['a value that its name only may tell of', '{ students { x: doctor } }', /without the alias$/],
  ['a field under the name of another', '{ students { motto: remark } }', /take another$/],
  ['a field and its alias after a comment', '{ students { x #\n : #\n tel } }', /without the alias$/],
  ['parts of an answer', '{ students { id ... @defer { tel } } }', /@defer/],
  ['a directive of a server', '{ students { tel @rename(to: "x") } }', /rename/],
  ['a definition of types', 'type Query { a: Int }', /no definitions/],
  ['a block string', '{ students(a: """ """) { id } }', /block strings/],
  ['a lone carriage return', '{ students { id # \r x: tel\n } }', /block strings/],
  ['what is no document', '{ students {', /no document/],
  [
    'a fragment that contains itself',
    '{ students { ...A } } fragment A on S { ...B } fragment B on S { ...A }',
    /contains itself$/,
  ],
  ['a fragment that is not there', '{ students { ...A } }', /is not there/],
  ['what is nested too deep', `${'{ a '.repeat(60)}${'}'.repeat(60)}`, /too deep/],
  ['values that are nested too deep', `{ a(b: ${'['.repeat(60)}${']'.repeat(60)}) }`, /too deep/],
  ['too many tokens', `{ ${'a '.repeat(16_000)} }`, /too long/],
  [
    'a document that grows with its fragments',
    `{ ...F0 } ${Array.from({ length: 20 }, (_, at) => `fragment F${at} on Q { ${at < 19 ? `...F${at + 1} ...F${at + 1}` : 'a b c'} }`).join(' ')}`,
    /too large/,
  ],
]

for (const [what, document, detail] of refused) {
  test(`refused, with what to do: ${what}`, async () => {
    const got = await ask(document)
    assert.deepEqual([got.status, got.code, got.calls], [400, 'GRAPHQL_REFUSED', 0], got.text)
    assert.match(got.detail!, detail)
    assert.partialDeepStrictEqual((await gateway.records()).at(-1)!, { kind: 'refused', code: 'GRAPHQL_REFUSED' })
  })
}

test('nobody asks by a masked field in an argument or a variable', async () => {
  for (const [document, variables] of [
    ['{ students(tel: "139") { id } }', {}],
    ['{ students(where: { advisor: { tel: { startsWith: "1" } } }) { id } }', {}],
    ['query($x: String) { students(tel: $x) { id } }', { x: '139' }],
    ['query($w: W) { students(where: $w) { id } }', { w: { AND: [{ tel_contains: '139' }] } }],
    ['query($q: String) { find(q: $q) { id } }', { q: '13912340987' }],
    ['query($q: String = "13912340987") { find(q: $q) { id } }', {}],
    ['{ students(orderBy: TEL_DESC) { id } }', {}],
    ['{ students(orderBy: [{ tel: asc }]) { id } }', {}],
    ['query($o: [O!]) { students(orderBy: $o) { id } }', { o: ['tel_ASC'] }],
    ['mutation { save(id: 7) { students(tel: "139") { id } } }', {}],
    ['mutation($w: W) { save(id: 7) { students(where: $w) { id } } }', { w: { tel: '1' } }],
    ['{ students { id @include(if: $tel) friends(by: tel) { id } } }', {}],
    ['{ students { id } }', { tel: '139' }],
  ] as const) {
    const got = await ask(document, variables)
    assert.deepEqual([got.status, got.code, got.calls], [403, 'PARAMETER_MASKED', 0], `${document} ${got.text}`)
  }
})

test('a mutation stores what it is given, and no masked value in its place', async () => {
  const save = 'mutation($s: S!) { save(input: $s) { id } }'
  const stored = await ask(save, { s: { xm: '李四', tel: '13800138000' } })
  assert.equal(stored.status, 200, stored.text)
  assert.equal((await ask('mutation { save(input: { tel: "13800138000" }) { id } }')).status, 200)
  for (const got of [
    await ask(save, { s: { tel: '138****8000' } }),
    await ask('mutation { save(input: { tel: "138****8000" }) { id } }'),
  ])
    assert.deepEqual([got.status, got.code, got.calls], [422, 'MASKED_VALUE', 0], got.text)
  const byGet = await send(`/graphql?query=${encodeURIComponent('mutation { save(id: 1) { id } }')}`)
  assert.deepEqual([byGet.code, byGet.calls], ['GRAPHQL_REFUSED', 0])
})

test('nobody asks by what a mutation chooses its rows by', async () => {
  for (const [document, variables] of [
    ['mutation { update(where: { tel: { _eq: "13912340987" } }, _set: { seat: 1 }) { affected } }', {}],
    ['mutation($w: W) { update(where: $w, _set: { seat: 1 }) { affected } }', { w: { tel: { _like: '139%' } } }],
    [
      'mutation($i: I) { update(input: $i) { affected } }',
      { i: { filter: { tel: '13912340987' }, patch: { seat: 1 } } },
    ],
    ['mutation { save(input: { friend: { connect: { tel: "13912340987" } } }) { id } }', {}],
  ] as const) {
    const got = await ask(document, variables)
    assert.deepEqual([got.status, got.code, got.calls], [403, 'PARAMETER_MASKED', 0], `${document} ${got.text}`)
  }
  const patch = { where: { id: 7 }, patch: { tel: '13800138000', filterSize: 3 } }
  assert.equal((await ask('mutation($i: I) { update(input: $i) { id } }', { i: patch })).status, 200)
})

test('a long list may be stored, and no variable is looked at without end', async () => {
  const rows = Array.from({ length: 150_000 }, (_, at) => at)
  const once = await ask('mutation($r: [Int!]) { save(rows: $r) { id } }', { r: rows })
  assert.equal(once.status, 200, once.text)
  const names = Array.from({ length: 3000 }, (_, at) => `a${at}: $r`).join(' ')
  const often = await ask(`mutation($r: [Int!]) { save(${names}) { id } }`, { r: rows.slice(0, 20_000) })
  assert.deepEqual([often.status, often.code, often.calls], [400, 'GRAPHQL_REFUSED', 0], often.text)
})

test('what asks for no types is not answered as if it did', async () => {
  for (const document of ['{ __typename }', 'fragment S on Student { xm }']) {
    const got = await ask(document)
    assert.equal(got.status, 200, got.text)
    noValue(got.text)
  }
})

test('what types there are is told under their own names, and read by detectors', async () => {
  const query = '{ __schema { types { name fields { name description } } } }'
  for (const got of [await ask(query), await send(`/graphql?query=${encodeURIComponent(query)}`)]) {
    assert.equal(got.status, 200, got.text)
    assert.match(got.text, /"name":"Student".*"name":"tel"/)
    assert.ok(!got.text.includes('13912340987'), got.text)
  }
  for (const mixed of [
    '{ __schema { types { name } } students { xm tel } }',
    '{ __typename ...F } fragment F on Query { __schema { types { name } } }',
  ])
    noValue((await ask(mixed)).text.replaceAll('"description":"13912340987"', ''))
})

const hash = (text: string) => ({
  persistedQuery: { version: 1, sha256Hash: createHash('sha256').update(text).digest('hex') },
})

test('a stored document is taken with its text, and never by its hash or number alone', async () => {
  const query = '{ students { xm } }'
  assert.equal(
    (await post({ query, extensions: { ...hash(query), clientLibrary: { name: 'c', version: '1' } } })).status,
    200,
  )
  const others: unknown[] = [
    { extensions: hash(query) },
    { query: null, extensions: hash(query) },
    { query, extensions: hash('{ students { x: tel } }') },
    { query, documentId: 'x' },
    { query, id: '7' },
    { query, Query: '{ students { x: tel } }' },
    { query, extensions: { other: 1 } },
    { query, extensions: { persistedQuery: { version: 1, sha256Hash: 'x', id: 'y' } } },
    { query: [query] },
    { query, variables: [] },
    [],
    {},
    '"x"',
    'null',
    `{"query":"{ students { x: tel } }","query":"${query}"}`,
    `{"query":"${query}","\\u0071uery":"{ students { x: tel } }"}`,
    Array.from({ length: 40 }, () => ({ query })),
    '',
  ]
  for (const body of others) {
    const got = await post(body)
    assert.deepEqual([got.status, got.code, got.calls], [400, 'GRAPHQL_REFUSED', 0], JSON.stringify(body))
  }
  const byGet = await send(`/graphql?extensions=${encodeURIComponent(JSON.stringify(hash(query)))}`)
  assert.deepEqual([byGet.code, byGet.calls], ['GRAPHQL_REFUSED', 0])
  assert.match(byGet.detail!, /send `query` along$/)
  // what clients of automatic persisted queries look for, in an answer that has nothing but errors
  assert.deepEqual(Object.keys(JSON.parse(byGet.text)), ['errors'])
  assert.equal(JSON.parse(byGet.text).errors[0].message, 'PersistedQueryNotSupported')
})

test('nothing else is sent to such a route than its documents, and these to no other', async () => {
  const query = '{ students { xm } }'
  for (const [target, type, body] of [
    ['/graphql', 'application/graphql', query],
    ['/graphql', 'application/x-www-form-urlencoded', `query=${encodeURIComponent(query)}`],
    [
      '/graphql',
      'multipart/form-data; boundary=b',
      `--b\r\nContent-Disposition: form-data; name="operations"\r\n\r\n{}\r\n--b--\r\n`,
    ],
    ['/graphql', 'text/plain', JSON.stringify({ query })],
    [
      `/graphql?query=${encodeURIComponent('{ __schema { types { name } } }')}`,
      'application/json',
      JSON.stringify({ query }),
    ],
    ['/graphql?id=7', 'application/json', JSON.stringify({ query })],
    ['/other', 'application/json', JSON.stringify({ query: '{ students { x: tel } }' })],
    ['/other', 'application/json', JSON.stringify({ query: `{ students { x: tel } } #${'a'.repeat(9000)}` })],
  ] as const) {
    const got = await send(target, { method: 'POST', headers: { 'content-type': type }, body })
    assert.deepEqual([got.status, got.calls], [400, 0], `${target} ${type} ${got.text}`)
  }
  assert.equal((await send('/graphql')).status, 200)
})

test('no document, however it is written, has a masked field come under another name', async () => {
  const piece = fc.constantFrom(
    '{',
    '}',
    'x',
    ':',
    'tel',
    ' ',
    '\n',
    '#',
    ',',
    '...',
    'on',
    'S',
    '"',
    '\\',
    '(',
    ')',
    '$',
    'a',
    '@include',
    '\r',
    '\ufeff',
    '"""',
  )
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 12 }), async pieces => {
      const document = `{students{${pieces.join('')}}}`
      const got = await ask(document)
      if (got.status !== 200) return
      const bare = document.replace(/#[^\n]*/g, '').replace(/"(?:[^"\\]|\\.)*"/g, '""')
      assert.ok(!/[\w]\s*:\s*tel/.test(bare), document)
    }),
    { numRuns: 300 },
  )
})
