import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { latinEnds, mayEndInLatin } from '../../gateway/policy/latin-ends.ts'
import { maskBody, maskText } from '../support/mask-body.ts'
import { planOf } from '../support/plan.ts'

const plan = planOf({
  fields: {
    xm: 'name',
    name: 'name',
    personName: 'name',
    phone: 'tel',
    mobileNo: 'tel',
    birthday: 'born',
    idCard: 'id',
    note: 'open',
  },
  types: {
    name: { form: 'redact' },
    tel: { form: 'redact' },
    born: { form: 'redact' },
    id: { form: 'redact' },
    open: { kind: 'not_personal' },
  },
})
const shown = (name: string): unknown => JSON.parse(maskText(plan, JSON.stringify({ [name]: 'x' })))[name]

test('a field is what its name says at the end, whoever stands before it', () => {
  for (const name of [
    'guar_phone',
    'fatherMobileNo',
    'FATHER_MOBILE_NO',
    'FBirthday',
    'cPersonIDCard',
    't_student.xm',
    'T1__XM',
    'stu:xm',
    'data[0].xm',
    'BR-XM',
    'passengerName',
    'create_by_name',
    'auditUserName',
  ])
    assert.equal(shown(name), '***', name)
})

test('a field with a number behind its name is the same field', () => {
  for (const name of ['xm1', 'xm_02', 'phone2', 'NAME3', 'father_phone_1', 'xm[0]'])
    assert.equal(shown(name), '***', name)
})

test('a field is the same with a word behind it that says how or of when', () => {
  for (const name of ['xm.keyword', 'xm_dictText', 'phone_old', 'guarPhoneNew', 'birthdayStr'])
    assert.equal(shown(name), '***', name)
})

test('what is asked of such values, telephones of offices and products, and texts of programs are left', () => {
  for (const name of [
    'isPhone',
    'hasIdCard',
    'checkMobileNo',
    'companyPhone',
    'service_phone',
    'iPhone',
    'windowsPhone',
    'label.phone',
    'KY_XM',
    'hotelname',
    'microphone',
    'name2024',
    'md5',
    'threshold',
    'whatsNew',
    'note_old',
    'hostName',
    'className',
    'dbUserName',
    'showTeacherName',
    'label.teacherName',
    'x1',
  ])
    assert.equal(shown(name), 'x', name)
})

test('a field that is said not to be personal opens no other', () => {
  assert.equal(shown('note'), 'x')
  const strict = planOf({ fields: { note: 'open' }, types: { open: { kind: 'not_personal' } }, unlisted: 'remove' })
  assert.equal(maskText(strict, '{"note":"x","note2":"x"}'), '{"note":"x"}')
})

test('it is so in tables and markup', () => {
  for (const [format, body] of [
    ['csv', 'guar_phone,note\n1,x\n'],
    ['xml', '<r><guarPhone>1</guarPhone></r>'],
    ['json', '{"columns":["xm1"],"rows":[["1"]]}'],
    ['html', '<input name="guar_phone" value="1">'],
  ] as const)
    assert.match(maskBody(plan, body, [], format).bytes.toString(), /\*\*\*/, body)
})

test('a look at a name never misses one that ends so', () => {
  const known = new Set(['xm', 'phone', 'mobileno', 'birthday', 'sfzh', 'idcard'])
  const end = fc.constantFrom(
    'xm',
    'Xm',
    '_XM',
    '.xm',
    'Phone',
    '_mobile_no',
    'MobileNo',
    'Birthday',
    ':sfzh',
    'IDCard',
  )
  fc.assert(
    fc.property(
      fc.stringMatching(/^[A-Za-z_]{0,8}$/),
      end,
      fc.stringMatching(/^(?:[_\-[]?\d{1,2}\]?)?$/),
      (before, end, behind) => {
        const name = before + end + behind
        if (name.length > 2 && latinEnds(name).some(one => known.has(one))) assert.ok(mayEndInLatin(name), name)
      },
    ),
  )
})
