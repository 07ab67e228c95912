import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Plan } from '../../gateway/policy/plan.ts'
import { maskBody, maskText } from '../support/mask-body.ts'
import { id, people, tel } from './people-plan.ts'

const text = (body: string) => maskText(people, body, 'text')

test('a name that the policy knows says what stands behind it', () => {
  assert.equal(text('姓名：张三丰\n'), '姓名：张**\n')
  assert.equal(text('姓 名 ： 张三丰  城市：杭州\n'), '姓 名 ： 张**  城市：杭州\n')
  assert.equal(text('联系人姓名：张三丰；城市：杭州'), '联系人姓名：张**；城市：杭州')
  assert.equal(text('user name=zhang level=3'), 'user name=z**** level=3')
  assert.equal(text('{"xm": "张三\\"丰", note}'), '{"xm": "张****", note}')
  assert.equal(text("'xm' => '张三丰', 'n' => 1"), "'xm' => '张**', 'n' => 1")
  assert.equal(text('a log with \\"xm\\":\\"张三丰\\",\\"n\\":1'), 'a log with \\"xm\\":\\"张**\\",\\"n\\":1')
  assert.equal(text('?xm=zhang&page=1'), '?xm=z****&page=1')
})

test('a value may have blanks in it, marks around it, or stand in the next line', () => {
  assert.equal(text('姓名：张  三'), '姓名：张***')
  assert.doesNotMatch(text('姓名：<b>张三丰</b>'), /三丰/)
  assert.equal(text('姓名：\n\n  张三丰 \n城市：\n杭州\n'), '姓名：\n\n  张** \n城市：\n杭州\n')
  assert.equal(text('姓名：\n城市：杭州\n张三'), '姓名：\n城市：杭州\n张三')
  assert.equal(text('姓名：\r\n手机号：13900139000\r\n'), '姓名：\r\n手机号：***\r\n')
})

test('a line that is markup is read by the names of its elements', () => {
  const plan: Plan = {
    ...people,
    detectors: people.detectors.filter(({ detector }) => detector.triggers.wide === undefined),
  }
  for (const body of ['<r><xm>张三丰</xm></r>\n', 'x\n\t<r><xm>bob</xm></r>\t\n']) {
    assert.doesNotMatch(maskText(plan, body, 'text'), /三丰|bob/)
  }
})

test('what detectors find is masked wherever it stands', () => {
  assert.equal(text(`请联系 ${tel} 或 [${tel}]，证件 ${id}。`), '请联系 *** 或 [***]，证件 110***************。')
})

test('a label whose value is removed keeps its line', () => {
  assert.equal(text('民族：汉\n城市：杭州\n'), '民族：\n城市：杭州\n')
})

test('a table under a text label is read as one', () => {
  assert.equal(text(`no,xm,idCard\n1,张三丰,${id}\n`), 'no,xm,idCard\n1,张**,110***************\n')
  assert.equal(text(`\n名单\nno\txm\n1\t张三丰\n2\t李四光`), '\n名单\nno\txm\n1\t张**\n2\t李**')
})

test('the same leaves at every split', () => {
  const body = Buffer.from(`2026-11-21 xm=张三丰 tel=${tel}\r\n姓名：李四光\r\n\r\n证件${id}，“备注”：${tel}`)
  const whole = maskBody(people, body, [], 'text').bytes
  for (const planted of ['三丰', '四光', tel, id]) assert.ok(!whole.includes(planted), whole.toString())
  for (let cut = 1; cut < body.length; cut++) assert.deepEqual(maskBody(people, body, [cut], 'text').bytes, whole)
})

test('a line of labels without an end takes no longer than its length asks', () => {
  const line = 'xm=a '.repeat(100_000)
  const out = text(line)
  assert.equal(out.length, 'xm=*** '.length * 100_000)
})

test('lines in which nothing is found hide no number among them', () => {
  const plain = '2026-11-21 08:12:33 INFO cost 30ms id=12345\n会议于上午九点召开，讨论了教学安排。\n'.repeat(700)
  const busy = `电话 ${tel}\n`
  assert.equal(text(plain + busy + plain), `${plain}电话 ***\n${plain}`)
  assert.equal(text(busy.repeat(50) + plain + busy), `${'电话 ***\n'.repeat(50)}${plain}电话 ***\n`)
})
