import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { renderFaults } from '../../gateway/policy/fault.ts'
import { loadPolicies } from '../../gateway/policy/load.ts'
import { testKeys } from '../../gateway/policy/run-tests.ts'
import { plugins } from '../../plugins/index.ts'
import { compileTexts } from '../support/policy-case.ts'

/** What is said of one system file, over the small catalogue of the support file. */
function said(text: string, lang: 'zh' | 'en' = 'en'): string {
  return renderFaults(compileTexts(new Map([['systems/s.yaml', text]])).faults, lang)
}

const field = (type: string) => said(`system: s\nfields: { x: ${type} }\nroutes: [{ path: /a }]\n`)

test('who writes what a field is called, or its title, learns the type of it', () => {
  assert.match(field('tel'), /no data type 'tel'; did you mean 'cn_mobile' \(Mobile number\)\?/)
  assert.match(field('手机号'), /did you mean 'cn_mobile'/)
  assert.match(field('ID_CARD'), /did you mean 'cn_resident_id'/)
  assert.match(field('resident ID number'), /did you mean 'cn_resident_id'/)
  assert.match(field('studentnumber'), /did you mean 'student_number'/)
})

test('a star in a path is told what stands for a segment, and what for all that are left', () => {
  for (const path of ['/a/*', '/a/*.do'])
    assert.match(said(`system: s\nroutes: [{ path: ${path} }]\n`), /write \{x\} for a whole one, and \*\* for all/)
})

test('assets that a route takes first are told to do nothing', () => {
  const text = 'system: s\nassets: { paths: [/img/**] }\nroutes: [{ path: /** }]\n'
  assert.match(said(text), /warning: the route \/\*\* takes these paths first, so that this does nothing; a route goes/)
  assert.match(said(text, 'zh'), /提醒：路由 \/\*\* 先匹配这些路径，此行不起作用；路由优先于 assets/)
})

test('who writes a form where a type belongs learns where forms are said', () => {
  for (const form of ['clear', 'partial', 'redact', 'remove'])
    assert.match(field(form), /this is a form;.*audiences\.yaml/)
})

test('a reason that was left to be filled in is asked for', () => {
  const told = said(
    'system: s\nfields: { x: { not_personal: … } }\nroutes: [{ path: /a, unlisted: { keep: "..." } }]\n',
  )
  assert.match(told, /s\.yaml:2:\d+ POLICY_VALUE '…' is not allowed here; write the reason here/)
  assert.match(told, /s\.yaml:3:\d+ POLICY_VALUE /)
  assert.equal(said('system: s\nfields: { x: { not_personal: 书名 } }\nroutes: [{ path: /a }]\n'), '')
})

test('a cell that is none, and a body that is no text, are told how to be written', () => {
  assert.match(field('B5'), /no data type 'B5'; a class and level are one of A to D with one of 1 to 4/)
  const given = '    given: { "a": 1 }\n    expect: { public: "{}" }\n'
  const test = `tests:\n  - name: x\n    request: GET /a\n${given}`
  assert.match(
    said(`system: s\nroutes: [{ path: /a }]\n${test}`),
    /not a group.*; write one text; JSON goes in single quotes/,
  )
})

test('a body that is expected without quotes is told to take them', () => {
  const expecting = (written: string) =>
    said(`system: s\nroutes: [{ path: /a }]\ntests:\n  - name: x\n    request: GET /a\n    expect: ${written}\n`)
  assert.match(expecting('{ public: { "a": 1 } }'), /no key 'a' here; .*a body is one text, in single quotes/)
  assert.match(expecting('{ public: [] }'), /a body is one text, in single quotes/)
  assert.match(expecting('{}'), /not within what is allowed; at least 1 key\n/)
})

test('by the shipped catalogue words of daily use, and names of detectors, lead to their types, and others to where all types are', t => {
  const directory = mkdtempSync(join(tmpdir(), 'veilgate-meant-'))
  t.after(() => rmSync(directory, { recursive: true, force: true }))
  const words = {
    身份证: 'cn_resident_id',
    姓名: 'person_name',
    手机: 'cn_mobile',
    phone: 'cn_mobile',
    邮箱: 'email',
    cn_address: 'address',
    flugzeug: null,
  }
  const fields = Object.keys(words).map((word, at) => `  x${at}: ${word}\n`)
  mkdirSync(join(directory, 'systems'))
  writeFileSync(join(directory, 'systems/s.yaml'), `system: s\nfields:\n${fields.join('')}routes: [{ path: /a }]\n`)
  const told = renderFaults(loadPolicies(directory, { plugins, keys: testKeys }).faults, 'en')
  for (const [word, type] of Object.entries(words)) {
    const hint = type === null ? 'all of them are in policies/CATALOGUE.md' : `did you mean '${type}'`
    assert.ok(told.includes(`'${word}'; ${hint}`), told)
  }
})

test('a full-width colon, and one without a space, are told as what they are', () => {
  assert.match(said('system: s\nfields：\n  a: tel\nroutes: [{ path: /a }]\n'), /s\.yaml:2:1 YAML_SYNTAX .*full-width/)
  assert.match(said('system: s\nroutes:\n  - path: /a\ntitle：图书馆\n', 'zh'), /全角冒号/)
  assert.match(said('system:s\nroutes:\n  - path: /a\n'), /space after the colon/)
  assert.match(said('system: s\nroutes:\n  - path:/a\n    methods: [GET]\n'), /space after the colon/)
})

test('so they are where the whole reads as one text', () => {
  assert.match(said('system：s\nroutes：\n  - path：/a\n'), /POLICY_TYPE .*the colon of this line is full-width/)
  assert.match(said('system: s\nroutes:\n  - path：/a\n', 'zh'), /POLICY_TYPE .*全角冒号/)
  assert.match(said('system: s\nfields:\n  tel:cn_mobile\nroutes: [{ path: /a }]\n'), /space after the colon/)
})

test('so they are within braces, where the whole became a name without a value', () => {
  const within = (group: string) => said(`system: s\nfields: ${group}\nroutes: [{ path: /a }]\n`)
  assert.match(within('{tel：cn_mobile，name：person_name}'), /s\.yaml:2:\d+ POLICY_TYPE .*full-width/)
  assert.match(within('{tel:cn_mobile}'), /space after the colon/)
})

test('a mask that is written without its options is told to be a group', () => {
  const mask = (written: string) => {
    const kind = `title: { zh: 甲, en: A }, cell: C2, forms: { partial: ${written} }`
    return renderFaults(compileTexts(new Map([['catalogue.yaml', `data_types: { a: { ${kind} } }\n`]])).faults, 'en')
  }
  assert.match(mask('keep_ends'), /POLICY_TYPE .*write \{ keep_ends: … \}/)
  assert.match(mask('keep_end'), /write \{ keep_ends: … \}/)
})

test('a name in the quotes of a word processor is told of; a name with some in it is one', () => {
  assert.match(said('system: s\nfields: { “tel”: cn_mobile }\nroutes: [{ path: /a }]\n'), /typographic quotes/)
  assert.equal(said('system: s\nfields: { 是否“双一流”高校: free_text }\nroutes: [{ path: /a }]\n'), '')
})

test('a dash without a space is told of, and not what comes of it', () => {
  const found = said('system: s\nroutes:\n  - path: /a\n  -path: /b\n  - path: /c\n')
  assert.match(found, /s\.yaml:4:1 YAML_SYNTAX .*put a space after the dash/)
  assert.equal(found.match(/YAML_SYNTAX/g)!.length, 1)
})

test('a value in the quotes of a word processor is told of', () => {
  assert.match(said('system: s\nroutes: [{ path: /a, body: “data” }]\n'), /VALUE .*typographic quotes/)
  assert.match(said('system: s\nroutes: [{ path: /a, jsonp: ‘allow’ }]\n', 'zh'), /两边是中文引号/)
})

test('a full-width comma is told of where two values have become one by it', () => {
  assert.match(said('system: s\nroutes:\n  - path: /a\n    methods: [GET， POST]\n'), /comma in it is full-width/)
  assert.match(said('system: s\nroutes:\n  - path: /a\n    methods: [GET、POST]\n', 'zh'), /全角逗号/)
})

test('of a tab the tab is told, and nothing that comes of it', () => {
  const told = said('system: s\nfields:\n\tx: email\n  y: email\n  z: email\nroutes: [{ path: /a }]\n')
  assert.match(told, /^systems\/s\.yaml:3:1 YAML_SYNTAX a tab cannot be used to indent/)
  assert.match(told, /tab in the indentation of this line; write spaces/)
  assert.equal(told.match(/YAML_SYNTAX/g)?.length, 1, told)
})

test('of a key that is missing it is told what to write; of a misspelt one nothing is missing', () => {
  assert.match(said('system: s\nfields: { tel: cn_mobile }\n'), /'routes' is missing; write `routes: …`/)
  const told = said('system: s\nruotes: [{ path: /a }]\n')
  assert.match(told, /no key 'ruotes' here; did you mean 'routes'/)
  assert.equal(told.match(/POLICY_/g)?.length, 1, told)
})

test('of a file with nothing in it that is told', () => {
  assert.match(said('# later\n'), /s\.yaml:1:1 POLICY_TYPE there is nothing in the file; write \{ system: …/)
})

test('a line that stands a column too far left is told of as that', () => {
  const text = 'system: s\nroutes:\n  - path: /a\n   methods: [GET]\n'
  assert.match(said(text), /s\.yaml:4:1 YAML_SYNTAX .*this line is indented wrong/)
  assert.match(said(text, 'zh'), /此行缩进有误/)
})

test('who writes a parameter with a colon, or a query in a path, learns how it is said here', () => {
  assert.match(said('system: s\nroutes: [{ path: "/a/:id" }]\n'), /a parameter is written \{id\}/)
  assert.match(said('system: s\nroutes: [{ path: "/a/b:cancel" }, { path: "/a/c:" }]\n'), /^$/)
  assert.match(said('system: s\nroutes: [{ path: "/a?x=1" }]\n'), /declare the parameters under `query`/)
})

test('a list written as a group, and a group written as a word, are told how to be written', () => {
  assert.match(said('system: s\nroutes:\n  path: /a\n'), /put `- ` in front of each/)
  assert.match(said('system: s\nroutes:\n  - /a\n'), /write \{ path: … \}/)
  assert.match(said('system: s\nroutes:\n  - path: /a\n    bulk: 50\n'), /write \{ rows: …, people: … \}/)
  assert.match(said('system: s\nroutes:\n  - path: /a\n    opaque: true\n', 'zh'), /请写 \{ allow: …, reason: … \}/)
})

test('a path that no request could have is told how to be written', () => {
  const path = (text: string) => said(`system: s\nroutes: [{ path: '${text}' }]\n`)
  for (const parameter of [':id', '<id>', '｛id｝', '<患者号>'])
    assert.match(path(`/a/${parameter}`), /s\.yaml:2:18 POLICY_ROUTE a parameter is written \{id\}/)
  assert.match(path('http://10.0.0.5:8080/a'), /write the path alone, from its slash on/)
  assert.match(path('／a'), /the slash is full-width/)
  assert.match(path('“/a”'), /typographic quotes/)
})

test('a word of a row rule that is misspelt is told, as it would be the name of a field that no row has', () => {
  const when = (rule: string) => said(`system: s\nroutes: [{ path: /a }]\nwhen: [{ ${rule} }]\n`)
  assert.match(
    when('subject-age: under 14, raise: 1'),
    /s\.yaml:3:10 POLICY_ROW_RULE_IDLE warning: .*mean 'subject_age'/,
  )
  assert.match(when('kind: ward, rasie: 1, fields: { x: B2 }'), /3:22 POLICY_ROW_RULE_IDLE warning: .*mean 'raise'/)
  assert.match(when('Own: xh, raise: 1'), /mean 'own'/)
  for (const rule of [
    'phrase: 7 sins, raise: 1',
    'praise: high, raise: 1',
    'owner: li, raise: 1',
    'subject: 3, raise: 1',
  ])
    assert.equal(when(rule), '', rule)
})

test('a catalogue that leaves nothing to find, and a folder that nobody reads, are told', t => {
  const alone = 'data_types:\n  bed: { title: { zh: 床号, en: Bed }, cell: C2, names: [ch] }\n'
  const found = (catalogue: string) => renderFaults(compileTexts(new Map([['catalogue.yaml', catalogue]])).faults, 'en')
  assert.match(
    found(alone),
    /^catalogue\.yaml:1:1 POLICY_CATALOGUE_ALONE warning: .*write `extends: veilgate` at the top/,
  )
  assert.equal(found(`extends: veilgate\n${alone}`), '')
  assert.equal(found(`${alone}  id: { title: { zh: 证, en: ID }, cell: A4, detector: cn_resident_id }\n`), '')

  const directory = mkdtempSync(join(tmpdir(), 'veilgate-meant-'))
  t.after(() => rmSync(directory, { recursive: true, force: true }))
  mkdirSync(join(directory, 'system'))
  const told = () => loadPolicies(directory, { plugins, keys: testKeys, shown: 'p' }).faults.map(one => one.file)
  assert.deepEqual(told(), [join('p', 'system')])
  mkdirSync(join(directory, 'systems'))
  assert.deepEqual(told(), [])
})

test('what a field is, is told where something else was written', () => {
  const fields = (text: string, lang?: 'zh') => said(`system: s\nfields:\n${text}\nroutes: [{ path: /a }]\n`, lang)
  const what = /write a data type, as cn_mobile, or a class and level, as B2; .*what is inside outer\.inner/
  assert.match(fields('  xm: { type: person_name }'), what)
  assert.match(fields('  patient:\n    xm: cn_mobile'), what)
  assert.match(fields('  xm:\n  tel: cn_mobile'), what)
  assert.match(fields('  zd: 4', 'zh'), /写数据类型（如 cn_mobile）或类别与级别（如 B2）/)
  assert.match(fields('  patient。xm: cn_mobile'), /3:3 POLICY_PATH the dot in it is full-width/)
  for (const cell of ['B', '4B', 'b-4']) assert.match(field(cell), /one of A to D with one of 1 to 4, as in A4 or B2/)
  assert.match(fields('  - xm: cn_mobile\n  - tel: cn_mobile'), /leave out the `- ` in front of each/)
  assert.match(fields('  [xm, tel]'), /write `key: value`, one on each line/)
})

test('what stands too far left or right, in wide spaces or behind a tab, is told as that', () => {
  const routes = 'routes: [{ path: /a }]\n'
  assert.match(
    said(`system: s\nfields:\nxm: cn_mobile\n${routes}`),
    /3:1 .*belongs under `fields` above, indent it by two/,
  )
  assert.match(said(`system: s\nfields:\nxm: cn_mobile\n${routes}`, 'zh'), /若它属于上面的 fields，请比 fields 多缩进/)
  assert.match(said(`system: s\nfields:\n　　xm: cn_mobile\n${routes}`), /begins with wide spaces/)
  assert.match(said(`system: s\nfields:\n  x: B2\n \ty: B2\n${routes}`), /4:1 .*there is a tab in the indentation/)
  const right = said(`system: s\nfields:\n  x: B2\n    y: B2\n${routes}`)
  assert.match(right, /the next line is indented too far/)
  assert.equal(right.match(/YAML_SYNTAX/g)?.length, 1, right)
  assert.match(
    said('system: s\nroutes:\n  - path: /a\n  - fields:\n      x: B2\n'),
    /a dash begins a new item; if this/,
  )
  assert.match(said('system: s\nroutes:\n  -path: /a\n'), /put a space after the dash/)
  assert.match(said('system: s\nroutes:\n  － path: /a\n'), /the dash is not a plain one/)
})

test('brackets and commas of a Chinese keyboard, and a quote left open, are told where they are', () => {
  for (const fields of ['｛ x: B2 ｝', '【x: B2】'])
    assert.match(
      said(`system: s\nfields: ${fields}\nroutes: [{ path: /a }]\n`),
      /2:9 .*brackets of this line are full-width/,
    )
  assert.match(said('system: s\nfields: { x: B2，y: B2 }\nroutes: [{ path: /a }]\n'), /comma in it is full-width/)
  for (const quote of [`'医院''s`, `"医院\\"`])
    assert.match(
      said(`system: s\ntitle: ${quote}\nroutes: [{ path: /a }]\n`),
      /^systems\/s\.yaml:2:8 YAML_SYNTAX this quote is not/,
    )
})

test('what to do is said of words in the wrong place, and of what stands twice', () => {
  const route = (text: string) => said(`system: s\nroutes:\n  - path: /a\n    ${text}\n`)
  assert.match(route('unlisted: keep'), /or \{ keep: the reason \}/)
  assert.match(route('methods: get'), /write a list, as in \[get\]/)
  assert.match(route('query: page'), /write \{ page: … \}/)
  assert.match(
    route('when: [{ kind: ward, field: { x: B2 } }]'),
    /what follows from it stands under `fields` or `raise`/,
  )
  assert.match(route('when: [{ subject_age: 14, raise: 1 }]'), /as in `under 14` or `from 18`/)
  assert.match(said('system: s\nroutes: [{ path: "/{a}" }, { path: "/{b}" }]\n'), /make one of them, or part them by/)
  const told = (files: readonly (readonly [string, string])[]) =>
    renderFaults(compileTexts(new Map(files)).faults, 'en')
  const same = 'system: s\nroutes: [{ path: /a }]\n'
  assert.match(
    told([
      ['systems/a.yaml', same],
      ['systems/b.yaml', same],
    ]),
    /b\.yaml:1:9 POLICY_SYSTEM_TWICE .*has the policy systems\/a\.yaml already/,
  )
  assert.match(
    told([['audiences.yaml', 'audiences:\n  nurse: { like: staff }\n']]),
    /takes the place of the shipped audiences/,
  )
  const bed = 'data_types:\n  bed: { title: { zh: 床, en: Bed }, cell: C2, names: [tel] }\n'
  assert.match(
    told([['catalogue.yaml', `extends: veilgate\n${bed}`]]),
    /or write `without_names: \[tel\]` with cn_mobile/,
  )
})

test('to ask for what is clear anyway is told to ask nobody', () => {
  const told = (audience: string) =>
    renderFaults(compileTexts(new Map([['audiences.yaml', `audiences:\n  a: ${audience}\n`]])).faults, 'en')
  const levels = '4: remove, 3: redact, 2: clear, 1: clear'
  assert.match(
    told(`{ ${levels}, clear_with: { 3: [operator], 2: [operator] } }`),
    /^audiences\.yaml:2:79 POLICY_CLEAR_ALREADY warning: level 2 is clear without it.*; to have it asked for, give level 2 a/,
  )
  assert.equal(told(`{ ${levels}, clear_with: { 3: [operator] } }`), '')
})

test('a body of a test that is no JSON is told before the test fails', () => {
  const given = (text: string, expected = "'{}'") =>
    said(
      `system: s\nroutes: [{ path: /a }]\ntests:\n  - name: x\n    request: GET /a\n    given: ${text}\n    expect: { public: ${expected} }\n`,
    )
  assert.match(
    given(`"{'a':1}"`),
    /6:12 POLICY_TEST warning: this is not valid JSON; names and texts in it take double quotes/,
  )
  assert.match(given("'{}'", `"{'a':1}"`), /7:23 POLICY_TEST this is not valid JSON; names and texts/)
  assert.equal(given('"{"', '{ refused: FORMAT_MALFORMED }'), '')
  assert.equal(given(`'{"a":1}'`), '')
  assert.equal(given(`"a,b"\n    type: text/csv`), '')
})
