import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { shipped } from '../../bench/accuracy/run.ts'
import { maskBody } from '../support/mask-body.ts'

const { plan } = shipped()
/** Nobody is in it. */
const prose =
  '学生来电咨询奖学金发放问题已核实信息并完成变更登记后续由辅导员跟进处理预计三个工作日内回复请保持畅通如有疑问可前往学生事务中心办理相关业务'

/** `maskBody` asks the compiled reader, which looks at shapes first, and the one that does not: they have to agree. */
function masked(texts: readonly string[]): string[] {
  const { bytes } = maskBody(plan, JSON.stringify(texts.map(text => ({ v: text }))))
  return (JSON.parse(bytes.toString()) as { v: string }[]).map(({ v }) => v)
}

test('who stands anywhere in a long text is found, also across the parts that it is read in', () => {
  for (const found of ['请李佳慧老师', '父亲张伟来电', '住在文三路138号', '护照号：E12345678', '密码 abc123']) {
    const texts = Array.from({ length: 130 }, (_, at) => {
      const long = prose.repeat(3)
      return `${long.slice(0, at)}，${found}，${long.slice(at)}`
    })
    for (const [at, text] of masked(texts).entries()) assert.notEqual(text, texts[at])
  }
})

test('values behind labels are found whatever is escaped between or around them', () => {
  const parts = fc.constantFrom(
    ...[
      '护照号',
      '密码',
      '微信号',
      '：',
      '是',
      ' ',
      '\t',
      '\n',
      '\\',
      '"',
      '/',
      'E12345678',
      'abc123',
      'n',
      'QQ',
      '13',
    ],
    ...['，', '。', '！', '　', '１２３４５６', '—', '学生事务', '前往办理', prose.slice(0, 40), prose.slice(9, 43)],
  )
  const text = fc.array(parts, { maxLength: 14 }).map(found => found.join(''))
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 8 }), texts => {
      masked(texts)
    }),
    { numRuns: 600 },
  )
  for (const hidden of ['护照号\tE12345678', `${prose}密码："n12345"，${prose}`])
    assert.notEqual(masked([hidden])[0], hidden)
})

test('names and addresses put into long text at random are found by both readers alike', () => {
  const parts = fc.constantFrom(
    ...[
      '王建国',
      '欧阳娜娜',
      '老师',
      '联系人',
      '是',
      '由',
      '和',
      '、',
      '，',
      '请',
      '李',
      '佳慧',
      '浙江省杭州市',
      '路',
      '村三组',
    ],
    ...[
      '138号',
      '2幢',
      '三单元',
      '说',
      '申请',
      ...Array.from({ length: 12 }, (_, at) => prose.slice(at * 5, at * 5 + 9 + at)),
    ],
  )
  const text = fc.array(parts, { minLength: 8, maxLength: 60 }).map(found => found.join(''))
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 3 }), texts => {
      masked(texts)
    }),
    { numRuns: 500 },
  )
})
