import assert from 'node:assert/strict'
import { test } from 'node:test'
import { widerThan } from '../../gateway/cli/policies/diff-policies.ts'
import { widerLines } from '../../gateway/cli/policies/diff-text.ts'
import { compilePolicy, type PolicyText } from '../../gateway/policy/compile.ts'
import type { Policy } from '../../gateway/policy/policy.ts'
import { testKeys } from '../../gateway/policy/run-tests.ts'
import { plugins } from '../../plugins/index.ts'

const base = {
  catalogue: `data_types:
  phone: { title: { zh: 电话, en: Phone }, cell: A3, names: [tel, mobile], detector: cn_mobile, identifies: 2, forms: { partial: { keep_ends: { head: 3, tail: 2 } }, token: { token: {} } } }
  code: { title: { zh: 代码, en: Code }, cell: A2, names: [code], weak_names: [ref], detector: email, forms: { partial: { keep_ends: { head: 1 } } } }
  secret: { title: { zh: 秘密, en: Secret }, cell: A4, names: [secret], tells_age: years }
`,
  audiences: `audiences:
  public: { 4: remove, 3: redact, 2: partial, 1: clear }
  staff: { 4: redact, 3: partial, 2: clear, 1: clear, clear_with: { 3: [operator, purpose] } }
always: { B4: remove }
`,
  system: `system: s
fields: { note: free_text, guardian.tel: A4 }
when: [ { status: left, fields: { name: A3 } } ]
routes:
  - { path: '/a/{id}', params: { id: phone }, query: { page: any }, unlisted: scan, bulk: { rows: 10 }, fields: { x: C2 } }
  - { path: /a/fixed, unlisted: remove, errors: replace }
  - { path: '/b/**' }
  - { path: /held, unlisted: hold, review: three }
  - { path: /d, until: '2027-01-31T00:00+08:00' }
  - path: '/p/{no}'
    methods: [GET, POST]
    params: { no: code }
    query: { k: phone }
    columns: [name, tel]
    opaque: { allow: A4, reason: reason enough }
    charset: gbk
    when: [ { subject_age: under 14, raise: 1 } ]
`,
}

function compile(texts: Partial<typeof base>): Policy {
  const all = Object.entries({ ...base, ...texts }).map(([kind, text]): PolicyText => {
    const file = kind === 'system' ? 'systems/s.yaml' : `${kind}.yaml`
    return { kind: kind as PolicyText['kind'], file, bytes: Buffer.from(text) }
  })
  const compiled = compilePolicy({ texts: all, shipped: [] }, { plugins, keys: testKeys })
  if ('policy' in compiled) return compiled.policy
  throw new Error(JSON.stringify(compiled.faults.map(({ message }) => message.en)))
}

const before = compile({})

/** The base with one text in place of another. */
function changed(from: string, to: string): Policy {
  const texts = Object.fromEntries(Object.entries(base).map(([kind, text]) => [kind, text.replace(from, to)]))
  assert.notDeepEqual(texts, base, from)
  return compile(texts)
}

test('a policy shows nothing that it does not show', () => {
  assert.deepEqual(widerThan(before, compile({})), [])
})

const wider: readonly [what: string, from: string, to: string, says: RegExp][] = [
  ['a form', '2: partial, 1: clear }', '2: clear, 1: clear }', /^public: code@A2: partial -> clear$/m],
  ['less to present', '[operator, purpose]', '[operator]', /^staff \+ operator: phone@A3: partial -> clear$/m],
  [
    'a level that can be raised',
    'clear_with: { 3:',
    'clear_with: { 4: [operator], 3:',
    /^staff \+ operator: secret@A4: redact -> clear$/m,
  ],
  ['a lower level', 'cell: A3', 'cell: A2', /^public: phone@A3: redact -> partial$/m],
  ['a mask that keeps more', 'head: 3', 'head: 4', /^staff: phone@A3: partial -> partial by another mask$/m],
  ['a mask that goes by other rules', 'token: {} }', 'hmac: {} }', /^staff: phone@A3: token/m],
  [
    'a form that follows',
    ', token: { token: {} }',
    ', generalize: { fixed: { text: x } }, token: { token: {} }',
    /token -> generalize/,
  ],
  ['no least form for a cell', 'always: { B4: remove }\n', '', /^public: B4|^staff: B4: remove -> redact$/m],
  ['a new audience', 'always:', '  other: { like: public }\nalways:', /^\*?other: audience: none -> new$/m],
  [
    'a name taken away',
    'names: [tel, mobile]',
    'names: [tel]',
    /^public: s GET \/b\/\*\* mobile: phone@A3: redact -> read as unlisted$/m,
  ],
  [
    'a weak name taken away',
    'weak_names: [ref], ',
    '',
    /^public: s GET \/b\/\*\* ref: code@A2: partial -> read as unlisted$/m,
  ],
  ['no detector', 'detector: cn_mobile, ', '', /^public: detected: phone@A3: redact -> not found$/m],
  [
    'a field of a system with another type',
    'guardian.tel: A4',
    'guardian.tel: A3',
    /guardian\.tel: A4: remove -> redact as A3$/m,
  ],
  ['a field of a system let go', ', guardian.tel: A4', '', /guardian\.tel: A4: redact -> partial as phone@A3$/m],
  [
    'a free text that is not personal',
    'note: free_text',
    'note: { not_personal: reason enough }',
    /note: free_text: read -> clear as not_personal$/m,
  ],
  [
    'a field of a route',
    'fields: { x: C2 }',
    'fields: { x: C1 }',
    /^public: s GET \/a\/\{id\} x: C2: redact -> clear as C1$/m,
  ],
  [
    'a token handed out',
    '{ path: /a/fixed,',
    '{ path: /a/fixed, hands_out: [secret],',
    /GET \/a\/fixed secret: hands_out: masked -> handed out$/m,
  ],
  [
    'unlisted values kept',
    'unlisted: scan',
    'unlisted: { keep: reason enough }',
    /\(unlisted\): unlisted: read -> keep as unlisted$/m,
  ],
  [
    'unlisted values read',
    'unlisted: remove',
    'unlisted: scan',
    /\/a\/fixed \(unlisted\): unlisted: remove -> read as unlisted$/m,
  ],
  [
    'unlisted values that no longer wait for review',
    'unlisted: hold',
    'unlisted: scan',
    /\/held \(unlisted\): unlisted: hold -> read as unlisted$/m,
  ],
  [
    'unlisted values that wait in place of being removed',
    'unlisted: remove',
    'unlisted: hold',
    /remove -> hold as unlisted$/m,
  ],
  ['answers that no longer wait', ', review: three', '', /^\*: s GET \/held: review: three -> none$/m],
  ['more rows', 'rows: 10', 'rows: 11', /^\*: s GET \/a\/\{id\}: bulk: 10 -> 11$/m],
  ['no limit of rows', ', bulk: { rows: 10 }', '', /bulk: 10 -> unlimited$/m],
  ['errors masked in place of replaced', ', errors: replace', '', /^\*: s GET \/a\/fixed: errors: replace -> mask$/m],
  ['a parameter more', 'page: any', 'page: any, tel: any', /^\*: s GET \/a\/\{id\} tel: query: refused -> any$/m],
  ['any parameter', ', query: { page: any }', '', /query: listed -> any$/m],
  [
    'another method',
    "path: '/b/**'",
    "path: '/b/**', methods: [GET, POST]",
    /^\*: s POST \/b\/\*\*: route: none -> new$/m,
  ],
  [
    'another route',
    "  - { path: '/b/**' }\n",
    "  - { path: '/b/**' }\n  - { path: /c }\n",
    /^\*: s GET \/c: route: none -> new$/m,
  ],
  [
    'files unread',
    "path: '/b/**'",
    "path: '/b/**', opaque: { allow: C1, reason: reason enough }",
    /opaque: withheld -> allowed$/m,
  ],
  ['assets', 'routes:', 'assets: { paths: [/static/**] }\nroutes:', /\/static\/\*\*: route: none -> new$/m],
  [
    'a stricter route taken away, so that a looser one takes its paths',
    '  - { path: /a/fixed, unlisted: remove, errors: replace }\n',
    '',
    /GET \/a\/\{id\} \(unlisted\): unlisted: remove -> read as unlisted$/m,
  ],
  [
    'another rule that looks at the row',
    'status: left',
    'status: gone',
    /when: other rules -> rules that look at the row$/m,
  ],
  [
    "what is the operator's own",
    'when: [ {',
    'when: [ { own: xh }, {',
    /when: other rules -> rules that look at the row$/m,
  ],
  ['a route for longer', '2027-01-31', '2028-01-31', /^\*: s GET \/d: until: earlier -> later$/m],
  ['a route for ever', ", until: '2027-01-31T00:00+08:00'", '', /^\*: s GET \/d: until: earlier -> later$/m],
  [
    'files of a lower level',
    'allow: A4',
    'allow: A3',
    /^staff \+ operator \+ purpose: s GET \/p\/\{no\}: opaque: A4 -> A3$/m,
  ],
  ['JSON that is handed to a script', "path: '/b/**'", "path: '/b/**', jsonp: allow", /jsonp: withheld -> allow$/m],
  ['columns called otherwise', '[name, tel]', '[tel, name]', /column 2: columns: tel -> name$/m],
  ['a column less', '[name, tel]', '[name]', /column 2: columns: tel -> unnamed$/m],
  ['columns by their header', '    columns: [name, tel]\n', '', /columns: listed -> header$/m],
  ['another charset', 'charset: gbk', 'charset: big5', /charset: gbk -> big5$/m],
  ['a parameter of another type', 'k: phone', 'k: code', /k: query: phone -> code$/m],
  ['a path that says no more what it is about', '    params: { no: code }\n', '', /no: params: code -> untyped$/m],
  ['what is sent taken for data', 'charset: gbk', 'charset: gbk\n    body: data', /body: query -> data$/m],
  [
    'ages that are known',
    'names: [code],',
    'names: [code], tells_age: years,',
    /GET \/p\/\{no\}: when: other rules -> rules that look at the row$/m,
  ],
  ['session ids in paths', 'system: s\n', 'system: s\nlegacy_paths: true\n', /legacy_paths: false -> true$/m],
]

for (const [what, from, to, says] of wider) {
  test(`more visible: ${what}`, () => {
    const lines = widerLines(widerThan(before, changed(from, to))).join('\n')
    assert.match(lines, says)
  })
}

const tighter: readonly [what: string, from: string, to: string][] = [
  ['a stricter form', '3: redact, 2: partial', '3: remove, 2: partial'],
  ['more to present', '[operator, purpose]', '[operator, purpose, basis]'],
  ['no level that can be raised', ', clear_with: { 3: [operator, purpose] }', ''],
  ['a higher level', 'cell: A2', 'cell: A3'],
  ['a mask that keeps less', 'head: 3', 'head: 2'],
  ['a mask that shows one text', '{ keep_ends: { head: 3, tail: 2 } }', '{ fixed: { text: x } }'],
  ['a least form for a cell', 'B4: remove', 'B4: remove, A2: redact'],
  ['a field of a system more', 'note: free_text', 'note: free_text, address: B4'],
  ['a field with a higher type', 'fields: { x: C2 }', 'fields: { x: C3 }'],
  ['unlisted values removed', 'unlisted: scan', 'unlisted: remove'],
  ['fewer rows', 'rows: 10', 'rows: 9'],
  ['errors replaced', "path: '/b/**'", "path: '/b/**', errors: replace"],
  ['a parameter less', 'query: { page: any }', 'query: {}'],
  ['a route for less long', '2027-01-31', '2026-12-31'],
  ['files of a higher level', 'allow: A4', 'allow: B4'],
  ['files withheld', '    opaque: { allow: A4, reason: reason enough }\n', ''],
  ['what is stored taken for a question', "path: '/b/**'", "path: '/b/**', body: query"],
  ['a path that says what it is about', "path: '/b/**'", "path: '/b/{x}', params: { x: code }"],
  ['a route less', "  - { path: '/b/**' }\n", ''],
  ['a method less', "path: '/a/{id}'", "path: '/a/{id}', methods: [HEAD]"],
]

for (const [what, from, to] of tighter) {
  test(`not more visible: ${what}`, () => {
    assert.deepEqual(widerLines(widerThan(before, changed(from, to))), [])
  })
}

test('what shows of a field is told once, and not again for what is inside it', () => {
  const lines = widerLines(widerThan(before, changed('guardian.tel: A4', 'guardian.tel: A3')))
  const fields = lines.flatMap(line => /(\S+): \S+: \S+ -> /.exec(line)?.[1] ?? [])
  assert.deepEqual([...new Set(fields)], ['guardian.tel'])
})

test('a system more is more visible, one less is not', () => {
  const two = compilePolicy(
    {
      texts: [
        { kind: 'catalogue', file: 'catalogue.yaml', bytes: Buffer.from(base.catalogue) },
        { kind: 'audiences', file: 'audiences.yaml', bytes: Buffer.from(base.audiences) },
        { kind: 'system', file: 'systems/s.yaml', bytes: Buffer.from(base.system) },
        { kind: 'system', file: 'systems/t.yaml', bytes: Buffer.from('system: t\nroutes: [ { path: /t } ]\n') },
      ],
      shipped: [],
    },
    { plugins, keys: testKeys },
  )
  assert.ok('policy' in two)
  assert.deepEqual(widerLines(widerThan(before, two.policy)), ['*: t: system: none -> new'])
  assert.deepEqual(widerThan(two.policy, before), [])
})

test('a parameter that chooses fields is more visible than one that asks, and nested lists than plain ones', () => {
  const asking = (query: string) => compile({ system: `system: s\nroutes: [ { path: /a, query: ${query} } ]\n` })
  const lines = (from: string, to: string) => widerLines(widerThan(asking(from), asking(to))).join('\n')
  assert.equal(lines('{ f: any }', '{ f: names }'), '*: s GET /a f: query: any -> names')
  assert.equal(lines('{}', '{ f: nested_names }'), '*: s GET /a f: query: refused -> nested_names')
  assert.equal(lines('{ f: names }', '{ f: nested_names }'), '*: s GET /a f: query: names -> nested_names')
  assert.equal(lines('{ f: nested_names }', '{ f: names }'), '')
})

test('a route of GraphQL is more visible than one that asks', () => {
  const asking = (more: string) => compile({ system: `system: s\nroutes: [ { path: /a, methods: [POST]${more} } ]\n` })
  const lines = widerLines(widerThan(asking(''), asking(', body: graphql')))
  assert.deepEqual(lines, ['*: s POST /a: body: query -> graphql'])
  assert.deepEqual(widerLines(widerThan(asking(', body: graphql'), asking(''))), [])
})

const rows = (rule: string, fields: string, names = '') =>
  compile({
    catalogue: base.catalogue.replace('names: [code]', `names: [code${names}]`),
    audiences: 'audiences: { staff: { 4: redact, 3: clear, 2: clear, 1: clear } }\n',
    system: `system: s\nfields: ${fields}\nwhen: [ ${rule} ]\nroutes: [ { path: /a, unlisted: remove } ]\n`,
  })

test('what a field is where a rule about the row does not hold is looked at too', () => {
  const rule = '{ status: left, fields: { x: A4 } }'
  assert.deepEqual(widerLines(widerThan(rows(rule, '{ x: A4 }'), rows(rule, '{ x: A2 }'))), [
    'staff: s GET /a x: A4: redact -> clear as A2',
  ])
})

test('what is the same for everybody but in rows that a rule raises is more visible', () => {
  const rule = '{ subject_age: under 14, raise: 1 }'
  const [before, next] = [rows(rule, '{ x: phone }'), rows(rule, '{ x: code }')]
  assert.deepEqual(widerLines(widerThan(before, next)), ['staff: s GET /a x: phone@A3: redact -> clear as code@A2'])
})

test('a name taken away shows what it hid inside an object that is shown as a whole', () => {
  const before = rows('', '{ outer: A2, inner: A4 }')
  assert.deepEqual(widerLines(widerThan(before, rows('', '{ outer: A2 }'))), [
    'staff: s GET /a outer.inner: A4: redact -> clear as A2',
  ])
})

test('a name given shows what was hidden inside an object that is hidden as a whole', () => {
  const under = (names: string) =>
    compile({
      catalogue: base.catalogue.replace('names: [code]', `names: [${names}]`),
      audiences: 'audiences: { staff: { 4: redact, 3: redact, 2: partial, 1: clear } }\n',
      system: 'system: s\nfields: { outer: A4 }\nroutes: [ { path: /a } ]\n',
    })
  assert.deepEqual(widerLines(widerThan(under('code'), under('code, inner'))), [
    'staff: s GET /a outer.inner: A4: redact -> partial as code@A2',
  ])
})
