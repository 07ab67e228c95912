import assert from 'node:assert/strict'
import { test } from 'node:test'
import { maskBody, maskText } from '../support/mask-body.ts'
import { mask, planOf } from '../support/plan.ts'

const plan = planOf({
  fields: { 姓名: 'name', xm: 'name', 电话: 'phone', 身份证号: 'id', known: 'open' },
  types: {
    name: { form: 'partial', mask: mask('keep_ends', { head: 1 }) },
    phone: {},
    id: { cell: 'A4', form: 'remove' },
    open: { kind: 'not_personal', cell: 'D1' },
  },
})

const described: readonly (readonly [what: string, body: string, becomes: string])[] = [
  ['an attribute names its element', '<r><f id="7" name="姓名">张三</f></r>', '<r><f id="7" name="姓名">张*</f></r>'],
  [
    'so does its id, in rows as well',
    '<Rows><Row id="7"><Col id="xm">张三</Col><Col id="bj">张三</Col></Row><Row id="8"><Col id="xm">李四</Col></Row></Rows>',
    '<Rows><Row id="7"><Col id="xm">张*</Col><Col id="bj">张三</Col></Row><Row id="8"><Col id="xm">李*</Col></Row></Rows>',
  ],
  [
    'its id for many alike',
    `<r>${'<f ID="XM">张三</f><f ID="BJ">张三</f>'.repeat(3)}</r>`,
    `<r>${'<f ID="XM">张*</f><f ID="BJ">张三</f>'.repeat(3)}</r>`,
  ],
  [
    'in rows of which the first has the name of a field among its values',
    '<r><d><f name="xm">张三</f><f name="bz">姓名</f></d><d><f name="xm">李四</f><f name="bz">无</f></d></r>',
    '<r><d><f name="xm">张*</f><f name="bz">姓名</f></d><d><f name="xm">李*</f><f name="bz">***</f></d></r>',
  ],
  ['and what is in it', '<r><f key="xm"><v>张三</v></f></r>', '<r><f key="xm"><v>张*</v></f></r>'],
  [
    'and the value beside it',
    '<r><f n="1" label="姓名" value="张三"/></r>',
    '<r><f n="1" label="姓名" value="张*"/></r>',
  ],
  [
    'an element names the value beside it',
    '<m><name>姓名</name><value><string>张三</string></value></m>',
    '<m><name>姓名</name><value><string>张*</string></value></m>',
  ],
  [
    'an element behind the value, too',
    '<m><value><string>张三</string></value><x/><name><![CDATA[姓名]]></name></m>',
    '<m><value><string>张*</string></value><x/><name><![CDATA[姓名]]></name></m>',
  ],
  [
    'but not one in another element',
    '<m><f><value>张三</value></f><f><name>姓名</name></f></m>',
    '<m><f><value>张三</value></f><f><name>姓名</name></f></m>',
  ],
  [
    'nor one far behind',
    `<m><value>张三</value><x>${'x'.repeat(1024)}</x><name>姓名</name></m>`,
    `<m><value>张三</value><x>${'x'.repeat(1024)}</x><name>姓名</name></m>`,
  ],
  ['in Chinese words', '<m><字段>* 姓名：</字段><值>张三</值></m>', '<m><字段>* 姓名：</字段><值>张*</值></m>'],
  ['a value that goes', '<r><f name="身份证号">x</f></r>', '<r><f name="身份证号"></f></r>'],
  [
    'the key of an entry, as XStream writes maps',
    `<list>${'<map><entry><string>姓名</string><string>张三</string></entry><entry><string>班级</string><string>张三</string></entry></map>'.repeat(30)}</list>`,
    `<list>${'<map><entry><string>姓名</string><string>张*</string></entry><entry><string>班级</string><string>张三</string></entry></map>'.repeat(30)}</list>`,
  ],
  [
    "what is put into a map of Java's beans",
    '<java><void method="put"><string>身份证号</string><string>x</string></void><void method="put"><string>n</string><object><string>姓名</string></object></void></java>',
    '<java><void method="put"><string>身份证号</string><string></string></void><void method="put"><string>n</string><object><string>姓名</string></object></void></java>',
  ],
  [
    'each key of a property list',
    `<plist><array>${'<dict><key>班级</key><string>张三</string><key>姓名</key><string>张三</string><key>n</key><integer>1</integer></dict>'.repeat(30)}</array></plist>`,
    `<plist><array>${'<dict><key>班级</key><string>张三</string><key>姓名</key><string>张*</string><key>n</key><integer>1</integer></dict>'.repeat(30)}</array></plist>`,
  ],
  [
    'columns of ADO by what they are called',
    `<xml xmlns:s="urn:s" xmlns:rs="urn:rs" xmlns:z="urn:z"><s:ElementType><s:AttributeType name="c0" rs:name="姓名"/><s:AttributeType name="c1" rs:name="班级"/></s:ElementType>${'<z:row c0="张三" c1="张三"/>'.repeat(30)}</xml>`,
    `<xml xmlns:s="urn:s" xmlns:rs="urn:rs" xmlns:z="urn:z"><s:ElementType><s:AttributeType name="c0" rs:name="姓名"/><s:AttributeType name="c1" rs:name="班级"/></s:ElementType>${'<z:row c0="张*" c1="张三"/>'.repeat(30)}</xml>`,
  ],
  [
    'rows',
    '<r><f name="姓名">张三</f><f name="班级">张三</f></r>',
    '<r><f name="姓名">张*</f><f name="班级">张三</f></r>',
  ],
  [
    'a row of names above a table',
    '<t><tr><td>姓名</td><td>班级</td></tr><tr><td>张三</td><td>张三</td></tr></t>',
    '<t><tr><td>姓名</td><td>班级</td></tr><tr><td>张*</td><td>张三</td></tr></t>',
  ],
  [
    'a title above that, and cells that are left out',
    '<T><R><C><D>名单</D></C></R><R><C><D>班级</D></C><C><D>学号</D></C><C><D>姓名</D></C></R><R><C Index="3"><D>张三</D></C></R></T>',
    '<T><R><C><D>名单</D></C></R><R><C><D>班级</D></C><C><D>学号</D></C><C><D>姓名</D></C></R><R><C Index="3"><D>张*</D></C></R></T>',
  ],
  [
    'records are no table',
    '<t><r><a>姓名</a><b>x</b></r><r><a>张三</a><b>y</b></r></t>',
    '<t><r><a>姓名</a><b>x</b></r><r><a>张三</a><b>y</b></r></t>',
  ],
  [
    'titles of a feed',
    '<feed><entry><title>姓名</title><summary>张三</summary></entry></feed>',
    '<feed><entry><title>姓名</title><summary>张三</summary></entry></feed>',
  ],
  ['definitions of columns', '<r><f name="姓名">xm</f></r>', '<r><f name="姓名">xm</f></r>'],
  ['an element the policy names', '<r><known name="姓名">张三</known></r>', '<r><known name="姓名">张三</known></r>'],
  ['names of people', '<r><f name="张三">90</f></r>', '<r><f name="张三">90</f></r>'],
]

for (const [what, body, becomes] of described) {
  test(`XML describes itself: ${what}`, () => {
    assert.equal(maskText(plan, body, 'xml'), becomes)
    const bytes = Buffer.from(body)
    for (let cut = 1; cut < bytes.length; cut++) {
      assert.equal(maskBody(plan, bytes, [cut], 'xml').bytes.toString('utf8'), becomes, `cut at ${cut}`)
    }
  })
}
