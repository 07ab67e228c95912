import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { youngestAge } from '../../gateway/masking/age.ts'
import type { Plan } from '../../gateway/policy/plan.ts'
import { plugins } from '../../plugins/index.ts'
import { limits, maskBody, masking, scope } from '../support/mask-body.ts'
import { compileTexts } from '../support/policy-case.ts'

const catalogue = `extends: veilgate
data_types:
  cn_resident_id: { tells_age: cn_resident_id }
  person_name:
    title: { zh: 姓名, en: Name }
    cell: A2
    names: [xm]
    identifies: 9
    forms: { partial: { keep_ends: { head: 1, tail: 0 } } }
  birth_date: { title: { zh: 生日, en: Birth date }, cell: C1, names: [csrq], tells_age: birth_date }
  age: { title: { zh: 年龄, en: Age }, cell: C1, names: [age], tells_age: years }
`

function planFor(system: string, audience = 'public'): Plan {
  const compiled = compileTexts(
    new Map([
      ['catalogue.yaml', catalogue],
      ['systems/s.yaml', `system: s\nroutes: [{ path: /** }]\n${system}`],
    ]),
  )
  assert.ok('policy' in compiled, JSON.stringify(compiled.faults))
  const { policy } = compiled
  const own = policy.systems.get('s')!
  return policy.plan(own, own.routes[0]!, audience, new Set())
}

const fhir = planFor(`
fields: { name: person_name }
when:
  - { resourceType: [Organization, Location], fields: { name: { not_personal: names a place } } }
  - { system: phone, fields: { value: cn_mobile } }
`)
const masked = (plan: Plan, body: unknown, format = 'json') =>
  JSON.parse(maskBody(plan, JSON.stringify(body), [], format).bytes.toString())

describe('a rule that names values', () => {
  it('holds in objects that have them, wherever in the object they stand', () => {
    const body = [
      { resourceType: 'Organization', name: 'Zhejiang University' },
      { name: 'Zhejiang University', resourceType: 'organization ' },
      { resourceType: 'Patient', name: 'Zhang San' },
      { name: 'Zhang San' },
    ]
    assert.deepEqual(
      masked(fhir, body).map(({ name }: { name: string }) => name),
      ['Zhejiang University', 'Zhejiang University', 'Z********', 'Z********'],
    )
  })

  it('holds in what is inside, until an object inside tells otherwise', () => {
    const body = {
      resourceType: 'Organization',
      alias: [{ name: 'ZJU' }],
      contained: [{ resourceType: 'Patient', name: 'Li', link: { name: 'Wang' } }],
    }
    const shown = masked(fhir, body)
    assert.equal(shown.alias[0].name, 'ZJU')
    assert.equal(shown.contained[0].name, 'L*')
    assert.equal(shown.contained[0].link.name, 'W***')
  })

  it('lets a type beside a value decide what the value is', () => {
    const telecom = [
      { system: 'phone', value: 'ext. 123' },
      { system: 'url', value: 'ext. 123' },
    ]
    assert.deepEqual(
      masked(fhir, { telecom }).telecom.map(({ value }: { value: string }) => value),
      ['***', 'ext. 123'],
    )
  })

  it('reads text inside text as standing in its object', () => {
    const body = {
      resourceType: 'Location',
      note: JSON.stringify({ name: 'Hangzhou' }),
      more: JSON.stringify({ resourceType: 'Patient', name: 'Zhang San' }),
    }
    const shown = masked(fhir, body)
    assert.equal(shown.note, body.note)
    assert.equal(JSON.parse(shown.more).name, 'Z********')
  })

  it('says nothing where a name comes twice with different values', () => {
    const { bytes } = maskBody(fhir, '{"resourceType":"Location","resourceType":"Patient","name":"Zhang San"}')
    assert.match(bytes.toString(), /"name":"Z\*/)
  })

  it('is followed where a name comes twice with different values, and the rule makes stricter', () => {
    const { bytes } = maskBody(fhir, '{"system":"phone","system":"url","value":"ext. 123"}')
    assert.match(bytes.toString(), /"value":"\*\*\*"/)
  })

  it('takes the stricter reading of an object that is too large to wait for', () => {
    const filler = Array.from({ length: 8000 }, (_, i) => `row ${i}`)
    assert.equal(masked(fhir, { name: 'Zhejiang', filler, resourceType: 'Location' }).name, 'Z*******')
    assert.equal(masked(fhir, { resourceType: 'Location', name: 'Zhejiang', filler }).name, 'Zhejiang')
    assert.equal(masked(fhir, { value: 'ext. 123', filler, system: 'url' }).value, '***')
    const rows = { filler, rows: [{ resourceType: 'Location', name: 'Zhejiang' }, { name: 'Zhejiang' }] }
    assert.deepEqual(
      masked(fhir, rows).rows.map(({ name }: { name: string }) => name),
      ['Zhejiang', 'Z*******'],
    )
  })

  it('takes the stricter reading in formats that are not looked ahead in', () => {
    const { bytes } = maskBody(fhir, 'resourceType=Location&name=Zhejiang&value=ext.+123&system=url', [], 'form')
    assert.match(bytes.toString(), /name=Z[^h]*&value=(?:\*|%2A)+&/)
  })

  it('reads a line of NDJSON and a row of CSV as an object', () => {
    const lines = '{"name":"Zhejiang","resourceType":"Location"}\n{"name":"Zhejiang"}\n'
    assert.match(maskBody(fhir, lines, [], 'ndjson').bytes.toString(), /"Zhejiang".*\n.*"Z\*/)
    const csv = 'name,resourceType,value,system\nZhejiang,Location,ext. 123,url\nZhejiang,Patient,ext. 123,phone\n'
    const rows = maskBody(fhir, csv, [], 'csv').bytes.toString().split('\n')
    assert.deepEqual(rows.slice(1, 3), ['Zhejiang,Location,ext. 123,url', 'Z*******,Patient,***,phone'])
  })

  it('reads an element of XML with elements in it as an object', () => {
    const xml =
      '<list><org><name>Zhejiang</name><resourceType>Loc&#97;tion</resourceType></org><org kind="a"><name>Zhejiang</name></org>' +
      '<org resourceType="Location"><name>Zhejiang</name></org><c><system value="phone"/><value>ext. <![CDATA[123]]></value></c></list>'
    const whole = maskBody(fhir, xml, [], 'xml').bytes
    assert.deepEqual(whole.toString().match(/(?<=<(?:name|value)>)[^<]*/g), ['Zhejiang', 'Z*******', 'Zhejiang', '***'])
    for (let cut = 1; cut < xml.length; cut++) assert.deepEqual(maskBody(fhir, xml, [cut], 'xml').bytes, whole)
    const each = Array.from({ length: xml.length - 1 }, (_, at) => at + 1)
    assert.deepEqual(maskBody(fhir, xml, each, 'xml').bytes, whole)
  })

  it('waits for an object up to a length, whatever pieces it comes in', () => {
    const limit = 64 << 10
    for (const over of [-1, 0, 1, 2, 20]) {
      const ends = (open: string, close: string) => open + 'x'.repeat(limit + over - open.length - close.length) + close
      const json = ends('{"name":"Zhejiang","filler":"', '","resourceType":"Location"}')
      const xml = ends('<a><name>Zhejiang</name><filler>', '</filler><resourceType>Location</resourceType></a>')
      for (const [format, body] of [
        ['json', `[[[${'1,'.repeat(30_000)}${json}]]]`],
        ['xml', `<b>${'<i/>'.repeat(9000)}${xml}</b>`],
      ] as const) {
        const whole = maskBody(fhir, body, [], format).bytes
        if (over <= 0 || over === 20) assert.equal(whole.includes('Zhejiang'), over <= 0, `${format} ${over}`)
        const steps = Array.from({ length: Math.floor(body.length / 999) }, (_, at) => (at + 1) * 999)
        for (const cuts of [[100], [65_536], [body.length - limit + 1], [body.length - 9], steps])
          assert.deepEqual(maskBody(fhir, body, cuts, format).bytes, whole)
      }
    }
  })

  it('gives the same bytes however a body is cut', () => {
    const body = JSON.stringify({
      rows: [
        { name: 'Zhejiang', 'resourceTyp\u0065': 'Location', deep: [[{ a: '}' }]] },
        { resourceType: 'Patient', name: '张三' },
      ],
    })
    const whole = maskBody(fhir, body).bytes
    for (let cut = 1; cut < Buffer.byteLength(body); cut++) assert.deepEqual(maskBody(fhir, body, [cut]).bytes, whole)
    const each = Array.from({ length: Buffer.byteLength(body) - 1 }, (_, at) => at + 1)
    assert.deepEqual(maskBody(fhir, body, each).bytes, whole)
  })
})

const minors = planFor(
  `
when: [{ subject_age: under 14, raise: 1 }, { kind: [ward], subject_age: from 14, raise: 2 }]
`,
  'staff',
)

describe('a rule that asks for an age', () => {
  it('raises what belongs to a child, by birth date, age or ID number', () => {
    const rows = [
      { csrq: '2014-01-02', xm: 'Zhang San' },
      { csrq: '2008-01-02', xm: 'Zhang San' },
      { age: 13, xm: 'Zhang San' },
      { age: '14', xm: 'Zhang San' },
      { idCard: '110105201412310020', xm: 'Zhang San' },
      { xm: 'Zhang San' },
    ]
    const names = masked(minors, rows).map(({ xm }: { xm: string }) => xm)
    assert.deepEqual(names, ['Z********', 'Zhang San', 'Z********', 'Zhang San', 'Z********', 'Zhang San'])
  })

  it('raises all that is inside, and what detectors find', () => {
    const body = { age: 9, note: 'call 13800138000', guardian: { tel: '13900139000', xm: 'Li Si' } }
    const plain = masked(minors, { ...body, age: 40 })
    assert.equal(plain.note, 'call 138****8000')
    const { note, guardian } = masked(minors, body)
    assert.equal(note, 'call 138****8000')
    assert.deepEqual(guardian, { tel: '139****9000', xm: 'L****' })
  })

  it('asks for all of its conditions', () => {
    const rows = [
      { kind: 'ward', age: 40, xm: 'Zhang San' },
      { kind: 'pupil', age: 40, xm: 'Zhang San' },
      { kind: 'ward', xm: 'Zhang San' },
    ]
    const names = masked(minors, rows).map(({ xm }: { xm: string }) => xm)
    assert.deepEqual(names, ['Z********', 'Zhang San', 'Zhang San'])
  })

  it('takes everybody for a child where nobody says what day it is', () => {
    const json = plugins.formats.find(({ name }) => name === 'json')!
    const masker = masking.start(minors, json, { consumer: 'tester', purpose: 'test' }, limits)
    const out = [...masker.write(Buffer.from('{"age":40,"xm":"Zhang San"}')), ...masker.end()]
    assert.match(Buffer.concat(out).toString(), /"xm":"Z\*+"/)
  })

  it('counts whoever may be a child as one', () => {
    const now = Date.UTC(2026, 10, 21)
    const ages: readonly [string, 'birth_date' | 'years' | 'cn_resident_id', number | null][] = [
      ['2012-11-21', 'birth_date', 14],
      ['2012-11-22', 'birth_date', 13],
      ['20121122', 'birth_date', 13],
      ['2012/11/21 08:00:00', 'birth_date', 14],
      ['2012年11月22日', 'birth_date', 13],
      ['２０１２－１１－２１', 'birth_date', 14],
      ['2012-11', 'birth_date', 13],
      ['2012', 'birth_date', 13],
      ['unknown', 'birth_date', null],
      ['2030-01-01', 'birth_date', null],
      ['13岁', 'years', 13],
      ['13.9', 'years', 13],
      ['eleven', 'years', null],
      ['11010520121122002X', 'cn_resident_id', 13],
      ['110105491231002', 'cn_resident_id', 76],
      ['1101', 'cn_resident_id', null],
    ]
    for (const [text, word, age] of ages) assert.equal(youngestAge(text, word, now), age, text)
  })
})

it('never shows more of a large object than of a small one that tells the same', () => {
  const names = fc.constantFrom('name', 'value', 'resourceType', 'system', 'age', 'xm', 'tel', 'list', 'inner')
  const { tree } = fc.letrec<{ tree: unknown; leaf: unknown; object: unknown }>(tie => ({
    leaf: fc.constantFrom('Location', 'Patient', 'phone', 'url', 'Zhang San', '13800138000', 7, 20, null),
    object: fc.dictionary(names, tie('tree'), { maxKeys: 5, noNullPrototype: true }),
    tree: fc.oneof({ maxDepth: 4 }, tie('leaf'), tie('object'), fc.array(tie('tree'), { maxLength: 3 })),
  }))
  fc.assert(
    fc.property(tree, fc.integer({ min: 1, max: 60 }), (body, step) => {
      const text = JSON.stringify(body)
      const length = Buffer.byteLength(text)
      const cuts = Array.from({ length: Math.ceil(length / step) - 1 }, (_, at) => (at + 1) * step)
      for (const plan of [fhir, minors]) {
        assert.deepEqual(maskBody(plan, text, cuts).bytes, maskBody(plan, text).bytes)
      }
    }),
    { numRuns: 300 },
  )
})

it('says where a rule has no condition, one that counts for nothing, does nothing, or begins at the root', () => {
  const faults = (when: string) => {
    const compiled = compileTexts(
      new Map([['systems/s.yaml', `system: s\nroutes: [{ path: /** }]\nwhen:\n  - ${when}\n`]]),
    )
    return compiled.faults.map(({ code, line }) => `${code}:${line}`)
  }
  assert.deepEqual(faults('{ raise: 1 }'), ['POLICY_ROW_RULE:4'])
  assert.deepEqual(faults('{ kind: ward }'), ['POLICY_ROW_RULE:4'])
  assert.deepEqual(faults('{ kind: ward, fields: { /a: B2 } }'), ['POLICY_ROW_RULE:4'])
  assert.deepEqual(faults('{ subject_age: 14, raise: 1 }').length, 1)
  assert.deepEqual(faults('{ kind: ward, fields: { a: nothing } }'), ['POLICY_UNKNOWN_TYPE:4'])
  for (const rule of ['own: xh, kind: student', 'own: xh, subject_age: from 18'])
    assert.deepEqual(faults(`{ ${rule} }`), ['POLICY_ROW_RULE:4'], rule)
  for (const rule of ['kind: a, Kind: b, raise: 1', 'subject_age: under 0, raise: 1'])
    assert.deepEqual(faults(`{ ${rule} }`), ['POLICY_ROW_RULE:4'], rule)
})

describe("a rule that says what is the operator's own", () => {
  const plan = planFor(
    'fields: { remark: free_text, secret: B4, road: A3 }\nwhen: [{ own: xh }, { subject_age: under 14, raise: 1 }]\n',
  )
  const json = plugins.formats.find(({ name }) => name === 'json')!
  const row = { xh: '3190100001', tel: '13900139000', idCard: '11010519491231002X', remark: 'of 13800138000' }
  const other = { xh: '31********', tel: '***', remark: 'of ***' }
  const shown = (body: unknown, operator?: string) => {
    const masker = masking.start(plan, json, operator === undefined ? scope : { ...scope, operator }, limits)
    const out = [...masker.write(Buffer.from(JSON.stringify(body))), ...masker.end()]
    return JSON.parse(Buffer.concat(out).toString())
  }

  it('shows the fields of that object clear, and those of no other', () => {
    const body = { rows: [row, { ...row, xh: '3190100002' }, { tel: '13900139000' }] }
    assert.deepEqual(shown(body, '3190100001').rows, [{ ...row, remark: 'of ***' }, other, { tel: '***' }])
    assert.deepEqual(shown(body).rows, [other, other, { tel: '***' }])
    assert.deepEqual(shown(body, '').rows, [other, other, { tel: '***' }])
  })

  it('keeps from them what nobody sees', () => {
    assert.deepEqual(shown({ ...row, secret: 'x' }, '3190100001'), { ...row, remark: 'of ***' })
  })

  it('counts in what is inside, unless an object inside says who somebody is', () => {
    const address = { road: '文三路138号' }
    const own = { xh: '3190100001', tel: '13900139000' }
    const body = { ...own, home: address, more: { self: own, form: { tel: '', ...address } } }
    assert.deepEqual(shown(body, '3190100001'), body)
    const others = {
      room: [{ xh: '3190100002', tel: '13900139000' }],
      guardian: { tel: '13900139000', home: address },
      tutor: { xm: '欧阳娜娜', ...address },
    }
    const seen = shown({ ...own, ...others }, '3190100001')
    assert.deepEqual(seen, { ...own, ...shown(others) })
    assert.deepEqual([seen.room[0].tel, seen.guardian.tel, seen.guardian.home.road], ['***', '***', '***'])
  })

  it('counts for a child as well', () => {
    assert.equal(shown({ xh: '3190100001', age: 12, tel: '13900139000' }, '3190100001').tel, '13900139000')
  })

  it('shows nothing clear where an object says twice whose it is, or says so too late', () => {
    const twice = '{"xh":"3190100001","xh":"3190100002","tel":"13900139000"}'
    const masker = masking.start(plan, json, { ...scope, operator: '3190100001' }, limits)
    assert.match(Buffer.concat([...masker.write(Buffer.from(twice)), ...masker.end()]).toString(), /"tel":"\*\*\*"/)
    const filler = 'x'.repeat(70_000)
    assert.notEqual(shown({ tel: '13900139000', filler, xh: '3190100001' }, '3190100001').tel, '13900139000')
  })
})
