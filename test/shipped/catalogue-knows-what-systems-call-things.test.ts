import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { parse } from 'yaml'
import { maskText } from '../support/mask-body.ts'
import { policy } from './policies.ts'

type Entry = { cell: string; names: string[]; title: { zh: string; en: string }; detector?: string }
const { data_types: types } = parse(
  readFileSync(new URL('../../policies/catalogue.yaml', import.meta.url), 'utf8'),
) as { data_types: Record<string, Entry> }
const entries = Object.entries(types)

test('it has at least forty kinds, of every class and every level', () => {
  assert.ok(entries.length >= 40)
  const cells = entries.map(([, { cell }]) => cell)
  for (const letter of 'ABCD')
    assert.ok(
      cells.some(cell => cell.startsWith(letter)),
      letter,
    )
  for (const digit of '1234')
    assert.ok(
      cells.some(cell => cell.endsWith(digit)),
      digit,
    )
})

test('each kind has names in Chinese and in Latin letters', () => {
  for (const [type, { names }] of entries) {
    assert.ok(names.some(name => /\p{Script=Han}/u.test(name)) || type === 'open_id', type)
    assert.ok(
      names.some(name => /^[A-Za-z]+$/.test(name)),
      type,
    )
  }
})

const system = policy.systems.get('fhir')!
const spelled: readonly (readonly [name: string, value: string])[] = [
  ['id_card', '11010519491231002X'],
  ['SFZH', '11010519491231002X'],
  ['身份证号码', '11010519491231002X'],
  ['userPwd', 'hunter2hunter2'],
  ['access_token', 'eyJhbGciOiJub25lIn0'],
  ['REAL-NAME', '欧阳娜娜'],
  ['Xing.Ming', '欧阳娜娜'],
  ['家长姓名', '欧阳娜娜'],
  ['lxdh', '0571-87654321'],
  ['Ｍｏｂｉｌｅ', '87654321000'],
  ['e-mail', 'not an address'],
  ['jtzz', '幸福里三号楼'],
  ['shipping_address', 'Happiness Lane 3'],
  ['csrq', '二〇〇五年六月'],
  ['宗教信仰', '佛教'],
  ['sfzzp', '/9j/4AAQSkZJRg'],
  ['既往病史', '哮喘'],
  ['yhkh', '0000111122223333'],
  ['cph', '浙A12345'],
  ['IMEI', '867530091234567'],
]

test('fields are known however a system spells them', () => {
  const match = system.match('GET', '/x')
  assert.ok('route' in match)
  const plan = policy.plan(system, match.route, 'public', new Set())
  for (const [name, value] of spelled) {
    const seen = maskText(plan, JSON.stringify({ [name]: value }))
    assert.equal(seen.includes(value), false, `${name} is masked`)
  }
})

test('names of things that are no person stay out of it', () => {
  const match = system.match('GET', '/x')
  assert.ok('route' in match)
  const plan = policy.plan(system, match.route, 'public', new Set())
  const body = JSON.stringify({
    id: 7,
    code: 'A7',
    title: 'Minutes',
    value: '12',
    status: 'ok',
    total: 3,
    page: 1,
    type: 'x',
    date: '2026-11-21',
    createTime: '2026-11-21 09:30:00',
    sj: '2026-11-21',
    yx: '计算机学院',
    kh: '课程7',
    number: 17,
    account: { state: 'open' },
    product: 'Pen',
    price: 1200.5,
    message: 'success',
    url: 'https://example.org/a?b=1',
    version: '1.20.300',
  })
  assert.equal(maskText(plan, body), body)
})

test('what every website has to say of itself is shown to everybody', () => {
  const foot =
    '<p>备案号：浙ICP备05074421号-1 ICP备案号：京ICP证030173号 浙公网安备 33010602000001号</p><td>备案号</td><td>浙ICP备05074421号</td>'
  const students = policy.systems.get('student-affairs')!
  const match = students.match('GET', '/api/students/7')
  assert.ok('route' in match)
  assert.equal(maskText(policy.plan(students, match.route, 'public', new Set()), foot, 'html'), foot)
})

test('the box that letters are in is no address, and an address in it is masked', () => {
  const students = policy.systems.get('student-affairs')!
  const match = students.match('GET', '/api/students/7')
  assert.ok('route' in match)
  const plan = policy.plan(students, match.route, 'public', new Set())
  assert.equal(
    maskText(plan, '{"mailbox":"INBOX","to":{"mailbox":"li@example.cn"}}'),
    '{"mailbox":"INBOX","to":{"mailbox":"***"}}',
  )
})
