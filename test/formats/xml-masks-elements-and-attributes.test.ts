import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Refusal } from '../../gateway/errors.ts'
import { maskBody, maskText } from '../support/mask-body.ts'
import { mask, planOf } from '../support/plan.ts'

const types = {
  name: { form: 'partial', mask: mask('keep_ends', { head: 1 }), cell: 'A2', identifies: 2 },
  id: { detector: 'cn_resident_id', cell: 'A4', identifies: 1 },
  tel: { detector: 'cn_mobile', form: 'partial', mask: mask('keep_ends', { head: 3, tail: 4 }) },
  secret: { form: 'remove', cell: 'A4' },
  place: { kind: 'not_personal' },
} as const
const plan = planOf({
  fields: {
    xm: 'name',
    idCard: 'id',
    photo: 'secret',
    guardian: 'name',
    'guardian.use': 'place',
    '$..row[1].z': 'name',
  },
  types,
})
const instance = 'xmlns:i="http://www.w3.org/2001/XMLSchema-instance"'

function shows(title: string, body: string, expected: string): void {
  test(title, () => assert.equal(maskText(plan, body, 'xml'), expected))
}

describe('elements and attributes of XML', () => {
  shows(
    'an element is a member by its local name',
    '<a><n:XM xmlns:n="urn:n">张三</n:XM></a>',
    '<a><n:XM xmlns:n="urn:n">张*</n:XM></a>',
  )
  shows('so is an attribute', `<a xm='张三'/>`, '<a xm="张*"/>')
  shows('a binding covers the attributes of its element', '<xm value="张三丰" />', '<xm value="张**" />')
  shows(
    'and all that is inside, but for what is bound nearer',
    '<guardian><use value="home"/><x>张三</x></guardian>',
    '<guardian><use value="home"/><x>张*</x></guardian>',
  )
  shows('blanks around a value stay and do not count', '<xm>\n  张三丰\r\n</xm>', '<xm>\n  张**\r\n</xm>')
  shows(
    'text parted by comments, sections and references is one value',
    '<xm>张<!-- x --><![CDATA[三]]>&#x4e30;</xm>',
    '<xm>张**</xm>',
  )
  shows('a value in a section stays in one', '<xm> <![CDATA[张三]]> </xm>', '<xm><![CDATA[ 张* ]]></xm>')
  shows(
    'redacted values are three stars',
    '<a idCard="x"><idCard>1</idCard></a>',
    '<a idCard="***"><idCard>***</idCard></a>',
  )
  shows('what is removed is emptied', '<a><photo k="1">x<b>y</b></photo><photo/></a>', '<a><photo></photo><photo/></a>')
  shows(
    'what says so itself says nothing else then',
    `<a ${instance}><photo i:nil="张三">x</photo><photo k="1" i:nil="张三" l="2"/></a>`,
    `<a ${instance}><photo i:nil="true"></photo><photo i:nil="true"/></a>`,
  )
  shows(
    'and nil where a schema instance is declared',
    `<a ${instance}><photo k="1">x</photo><photo i:nil="false">y</photo></a>`,
    `<a ${instance}><photo i:nil="true"></photo><photo i:nil="true"></photo></a>`,
  )
  shows('a removed attribute is gone', '<a b="1" photo="x" c="2"/>', '<a b="1" c="2"/>')
  shows(
    'types and nil of schema instances stay',
    `<xm ${instance} i:type="x:string">张三</xm>`,
    `<xm ${instance} i:type="x:string">张*</xm>`,
  )
  shows(
    'detectors read texts, attributes and sections',
    '<a b="电话13800138000"><![CDATA[<13800138000>]]>&#49;3800138000</a>',
    '<a b="电话138****8000">&lt;138****8000&gt;138****8000</a>',
  )
  shows('comments and instructions go', '<!-- 张三 --><a><?php 张三 ?>x<!-- 13800138000 --></a><!-- z -->', '<a>x</a>')
  shows(
    'JSON inside is read by the same plan',
    '<a><![CDATA[{"xm":"张三","n":1}]]></a>',
    '<a><![CDATA[{"xm":"张*","n":1}]]></a>',
  )
  shows(
    'several elements inside without one around them as well',
    '<a><![CDATA[<xm>张三</xm> <n>1</n><xm>李四</xm>]]></a>',
    '<a><![CDATA[<xm>张*</xm> <n>1</n><xm>李*</xm>]]></a>',
  )
  shows(
    'XML inside, escaped or not, likewise',
    '<a>&lt;?xml version="1.0"?&gt;&lt;r xm="张三"&gt;&lt;xm&gt;李四&lt;/xm&gt;&lt;/r&gt;</a>',
    '<a>&lt;?xml version="1.0"?&gt;&lt;r xm="张*"&gt;&lt;xm&gt;李*&lt;/xm&gt;&lt;/r&gt;</a>',
  )
  shows(
    'a JSONPath counts repeated elements',
    '<l><row><z>张三</z></row><o/><row><z>张三</z></row></l>',
    '<l><row><z>张三</z></row><o/><row><z>张*</z></row></l>',
  )
  shows(
    'a name that is personal gets another',
    '<a><n13800138000 m13800138000="x">y</n13800138000></a>',
    '<a><n138____8000 m138____8000="x">y</n138____8000></a>',
  )
  shows('what is shown is written safely', '<xm>&lt;&amp;&gt;&#13;"</xm>', '<xm>&lt;****</xm>')
})

test('a reference to a value elsewhere is refused where the value is typed', () => {
  const body = '<a><xm href="#v1"/><v id="v1">张三</v></a>'
  assert.throws(
    () => maskText(plan, body, 'xml'),
    (error: Refusal) => error.code === 'FORMAT_MALFORMED',
  )
  assert.doesNotThrow(() => maskText(plan, '<a><b href="#v1"/><v id="v1">x</v></a>', 'xml'))
})

test('a personal value in what says how an element is to be read is refused, also where the element goes', () => {
  for (const name of ['b', 'photo', 'xm']) {
    for (const attribute of ['i:type="11010519491231002X"', "xmlns:p='urn:13800138000'"]) {
      for (const body of [
        `<${name} ${attribute}/>`,
        `<${name} ${attribute}>x</${name}>`,
        `<${name} ${attribute}><c/></${name}>`,
      ])
        assert.throws(
          () => maskText(plan, `<a ${instance}>${body}</a>`, 'xml'),
          (error: Refusal) => error.code === 'FORMAT_MALFORMED',
          body,
        )
    }
  }
  assert.equal(
    maskText(plan, `<a ${instance}><photo i:nil="13800138000"/><photo i:type="x:y">z</photo></a>`, 'xml'),
    `<a ${instance}><photo i:nil="true"/><photo i:nil="true" i:type="x:y"></photo></a>`,
  )
})

test('limits withhold what is too deep, too large or too much', () => {
  const tooLarge = (body: string) =>
    assert.throws(
      () => maskText(plan, body, 'xml'),
      (error: Refusal) => error.code === 'ANSWER_TOO_LARGE',
      body.slice(0, 20),
    )
  tooLarge('<a>'.repeat(129) + '</a>'.repeat(129))
  tooLarge(`<a>${'x'.repeat((4 << 20) + 1)}</a>`)
  tooLarge(`<a b="${'x'.repeat((4 << 20) + 1)}"/>`)
  tooLarge(`<a ${Array.from({ length: 1025 }, (_, i) => `a${i}=""`).join(' ')}/>`)
  tooLarge(`<a>${Array.from({ length: 65_537 }, (_, i) => `<a${i}/>`).join('')}</a>`)
})

test('unlisted values can be removed, and what a document needs to be read stays', () => {
  const strict = planOf({ fields: { ok: 'place' }, types, unlisted: 'remove' })
  assert.equal(
    maskText(strict, `<e ${instance} a="1"> <b>x</b><ok k="v">y</ok>z</e>`, 'xml'),
    `<e ${instance}> <b i:nil="true"></b><ok k="v">y</ok></e>`,
  )
})

describe('rows of XML', () => {
  const rowsOf = (body: string) => maskBody(plan, body, [], 'xml').tally
  const people = (body: string) => rowsOf(body).subjects.map(({ value }) => value)

  test('repeated elements nearest the root are rows, the first as well', () => {
    assert.equal(rowsOf('<e><t>x</t><l><r><xm>张三</xm></r><r><xm>李四</xm></r><r><xm>王五</xm></r></l></e>').rows, 3)
    assert.equal(rowsOf('<l><r><xm>张三</xm><xm>张四</xm></r><r><xm>李四</xm></r></l>').rows, 2)
    assert.equal(rowsOf('<l><r><xm>张三</xm></r></l>').rows, 1)
    assert.equal(rowsOf('<l><r>x</r><r>x</r></l>').rows, 0)
  })

  test('each row has its own people', () => {
    const id = '<idCard>11010519491231002X</idCard>'
    assert.deepEqual(people(`<e><t><xm>赵六</xm></t><r><xm>张三</xm></r><r><xm>李四</xm>${id}</r></e>`).sort(), [
      '11010519491231002X',
      '张三',
      '赵六',
    ])
  })
})
