import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { maskBody, maskText } from '../support/mask-body.ts'
import { mask, planOf } from '../support/plan.ts'

const plan = planOf({
  fields: { 姓名: 'name', xm: 'name', realName: 'name', jtzz: 'hidden', csrq: 'hidden' },
  types: {
    name: { form: 'partial', mask: mask('keep_ends', { head: 1 }), detector: 'cn_name' },
    hidden: { form: 'redact' },
    tel: { detector: 'cn_mobile' },
  },
})
/** The same fields, and no detector that looks at more than ASCII. */
const narrow = planOf({
  fields: { xm: 'name' },
  types: { name: { form: 'partial', mask: mask('keep_ends', { head: 1 }) }, tel: { detector: 'cn_mobile' } },
})
/** Types that no detector knows. */
const labels = planOf({
  fields: { 姓名: 'name', 诊断: 'diagnosis', 工资: 'income', 特长: 'hobby' },
  types: {
    name: { form: 'partial', mask: mask('keep_ends', { head: 1 }), detector: 'cn_name' },
    diagnosis: { form: 'remove' },
    income: { form: 'redact' },
    hobby: { form: 'clear' },
    tel: { detector: 'cn_mobile' },
  },
})
const shown = (value: string): string => JSON.parse(maskText(plan, JSON.stringify({ value }))).value

test('what stands behind a name of a field inside a text is read as that field', () => {
  for (const [text, masked] of [
    ['login a=1;xm=鱼蹇;b=2', 'login a=1;xm=鱼*;b=2'],
    ['login a=1;xm=㛃三;b=2', 'login a=1;xm=㛃*;b=2'],
    ['login a=1;xm=𠮷三;b=2', 'login a=1;xm=𠮷*;b=2'],
    ['login a=1;xm=〇三;b=2', 'login a=1;xm=〇*;b=2'],
    ['login a=1;xm=\ue863三;b=2', 'login a=1;xm=\ue863*;b=2'],
    ['xm=鱼蹇, dept=12', 'xm=鱼*, dept=12'],
    ["Student{id=1, xm='鱼蹇', age=3}", "Student{id=1, xm='鱼*', age=3}"],
    ['user real_name: 鱼蹇; ok', 'user real_name: 鱼*; ok'],
    ['POST {"xm":"鱼蹇","x":1', 'POST {"xm":"鱼*","x":1'],
    ['POST {\\"xm\\":\\"鱼蹇\\",\\"x\\":1', 'POST {\\"xm\\":\\"鱼*\\",\\"x\\":1'],
    ['POST {\\\\\\"xm\\\\\\": \\\\\\"鱼蹇\\\\\\",', 'POST {\\\\\\"xm\\\\\\": \\\\\\"鱼*\\\\\\",'],
    [
      `f({${'\\'.repeat(7)}"xm${'\\'.repeat(7)}":${'\\'.repeat(7)}"鱼蹇`,
      `f({${'\\'.repeat(7)}"xm${'\\'.repeat(7)}":${'\\'.repeat(7)}"鱼*`,
    ],
    ['备注,序号\n"{""xm"":""鱼蹇"",""a"":""""}",1', '备注,序号\n"{""xm"":""鱼*"",""a"":""""}",1'],
    ['"{""a"":"""",""xm"": ""鱼蹇""}"', '"{""a"":"""",""xm"": ""鱼*""}"'],
    ['Student(xm=鱼蹇, age=3)', 'Student(xm=鱼*, age=3)'],
    ['Student(age=3, xm=鱼蹇)', 'Student(age=3, xm=鱼*)'],
    ['saved student.xm=鱼蹇;', 'saved student.xm=鱼*;'],
    ['{xm=鱼蹇, csrq=1990-03-07}', '{xm=鱼*, csrq=***}'],
    ['a=1\nxm=鱼蹇\njtzz=某屯东头\ntel=13800138000', 'a=1\nxm=鱼*\njtzz=***\ntel=***'],
  ] as const) {
    assert.equal(shown(text), masked)
  }
})

test('names are found behind labels of forms, whatever characters they are of', () => {
  for (const [text, masked] of [
    ['学号1 姓名：鱼蹇 班级：二', '学号1 姓名：鱼* 班级：二'],
    ['姓名：鱼蹇性别：男', '姓名：鱼*性别：男'],
    ['联系人=扎西顿珠；', '联系人=扎***；'],
    ['户主：阿不都·鱼蹇，', '户主：阿*****，'],
    ['姓名：蹇𠮷', '姓名：蹇*'],
    ['姓名：𠮷蹇', '姓名：𠮷*'],
    ['姓名：㛃䶮 班级', '姓名：㛃* 班级'],
    ['户主：王〇，', '户主：王*，'],
    ['联系人：\ue863\uf929。', '联系人：\ue863*。'],
    ['姓名：𠮷㐂😀', '姓名：𠮷*😀'],
  ] as const) {
    assert.equal(shown(text), masked)
  }
})

test('other text stays', () => {
  for (const text of [
    '姓名：不能为空',
    '姓名：😀😀',
    'state: 😀',
    'a=ァア',
    '联系人：教务处',
    'time=上午; state: 正常',
    'http://example.com/?a=1&b=中文',
    '比例=：鱼',
    'xm=',
    '学生：老师好',
  ]) {
    assert.equal(shown(text), text)
  }
})

test('what only a label tells is masked behind one in any string', () => {
  for (const [text, masked] of [
    ['诊断：冠心病', '诊断：'],
    ['复查，出院诊断：冠心病；工资: 8000元', '复查，出院诊断：；工资: ***'],
    ['诊断 ＝ 冠心病', '诊断 ＝ '],
    ['一般情况可。\n诊断：\n冠心病', '一般情况可。\n诊断：\n'],
    ['各地最低工资：2000元', '各地最低工资：2000元'],
    ['诊断：不能为空，工资：请输入', '诊断：不能为空，工资：请输入'],
    ['诊断冠心病', '诊断冠心病'],
    ['特长：围棋', '特长：围棋'],
    ['姓名：不能为空，时间：10:30', '姓名：不能为空，时间：10:30'],
  ] as const) {
    assert.equal(JSON.parse(maskText(labels, JSON.stringify({ text }))).text, masked)
    assert.equal(maskText(labels, `<r><d>${text}</d></r>`, 'xml'), `<r><d>${masked}</d></r>`)
    if (!text.includes('\n')) assert.equal(maskText(labels, `a,b\n1,${text}\n`, 'csv'), `a,b\n1,${masked}\n`)
  }
  assert.equal(maskText(labels, '{"remark":"诊断\\uff1a冠心病"}'), '{"remark":"诊断："}')
  assert.equal(maskText(labels, '{"a":"诊断：冠心病","b":"备注：无"}'), '{"a":"诊断：","b":"备注：无"}')
})

test('it is read inside other formats, and without any detector of Chinese', () => {
  assert.equal(maskText(plan, '<r><d>a=1;xm=鱼蹇;</d></r>', 'xml'), '<r><d>a=1;xm=鱼*;</d></r>')
  assert.equal(maskText(plan, 'a,b\n1,xm=鱼蹇;z\n', 'csv'), 'a,b\n1,xm=鱼*;z\n')
  assert.equal(maskText(plan, 'data: a=1;xm=鱼蹇;\n\n', 'event_stream'), 'data: a=1;xm=鱼*;\n\n')
  assert.equal(maskText(narrow, '{"a":"x=1;xm=鱼蹇;"}'), '{"a":"x=1;xm=鱼*;"}')
})

test('both readers see it, however the body is cut', () => {
  const part = fc.constantFrom(
    ...[
      'xm',
      'a',
      '=',
      ':',
      '：',
      '鱼蹇',
      '扎西',
      '㛃䶮',
      '𠮷',
      '\ue863',
      '"',
      "'",
      '\\',
      ' ',
      ';',
      '{',
      '}',
      '(',
      '[',
      '\n',
      '姓名',
      '诊断',
      '＝',
      '工资',
      '人',
      '13800138000',
      'é',
    ],
  )
  fc.assert(
    fc.property(fc.array(part, { maxLength: 24 }), fc.nat(200), (parts, cut) => {
      const body = JSON.stringify({ a: parts.join(''), xm: parts.join('') })
      for (const one of [plan, narrow, labels]) {
        const whole = maskBody(one, body).bytes
        assert.deepEqual(maskBody(one, body, [Math.min(cut, body.length)]).bytes, whole)
      }
    }),
    { numRuns: 1000 },
  )
})

test('a hostile text of names is read in a moment', () => {
  const text = JSON.stringify({ a: 'xm=鱼;'.repeat(20_000), b: `姓名${'：'.repeat(100_000)}鱼` })
  assert.ok(maskBody(plan, text).bytes.length > 0)
})
