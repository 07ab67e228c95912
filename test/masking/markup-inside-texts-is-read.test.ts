import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { mayBeEncoded } from '../../gateway/masking/may-be-encoded.ts'
import { mayHoldMarkup } from '../../gateway/masking/nested-text.ts'
import { maskBody, maskText } from '../support/mask-body.ts'
import { mask, planOf } from '../support/plan.ts'

const plan = planOf({
  fields: { 姓名: 'name', xm: 'name' },
  types: {
    name: { form: 'partial', mask: mask('keep_ends', { head: 1 }), detector: 'cn_name' },
    id: { cell: 'A4', form: 'remove', detector: 'cn_resident_id' },
    tel: { detector: 'cn_mobile' },
  },
})
const shown = (value: string): string => JSON.parse(maskText(plan, JSON.stringify({ value }))).value

test('a sentence with words that stand out is read as a page would show it', () => {
  for (const [text, masked] of [
    ['打 138<b>0013</b>8000 找他', '打 ***<b></b> 找他'],
    ['<em>138</em>00138000', '<em>***</em>'],
    ['<EM >138</EM >00138000。', '<EM >***</EM >。'],
    ['尊敬的<b>王建国</b>同学：', '尊敬的<b>王**</b>同学：'],
    ['姓名：<font color="red">鱼蹇</font>，电话略', '姓名：<font color="red">鱼*</font>，电话略'],
    ['xm=<b>鱼蹇</b>', 'xm=<b>鱼*</b>'],
    ['见<a href="/x?tel=13800138000">附件</a>。', '见<a href="/x?tel=***1">附件</a>。'],
    ['完</p><script>var a = "13800138000"</script>。', '完</p><script>var a = "***"</script>。'],
  ] as const) {
    assert.equal(shown(text), masked)
  }
})

test('it is read in every format alike', () => {
  const text = '打 138<b>0013</b>8000 找他'
  const bodies: readonly (readonly [format: string, body: string])[] = [
    ['xml', `<r><a>${text.replaceAll('<', '&lt;')}</a></r>`],
    ['csv', `备注,序号\n${text},1\n`],
    ['text', `第一行\n${text}\n`],
    ['form', `a=${encodeURIComponent(text)}`],
    ['event_stream', `data: ${text}\n\n`],
    ['html', `<p title="${text}">x</p>`],
  ]
  for (const [format, body] of bodies) {
    const out = maskBody(plan, body, [], format).bytes.toString()
    assert.equal(/0013|8000/.test(out), false, out)
  }
})

test('text without an element of a page, or with nothing personal, stays', () => {
  for (const text of ['a < b </ c', 'x </x> y', 'List<String> </y>', '价格<b>12</b>元', '</b>', '1<b>2</b>3', 'a<br>b'])
    assert.equal(shown(text), text)
})

test('whatever holds an end tag is looked at', () => {
  const unit = fc.constantFrom('</', '<\\/', '<', '/', '/b>', 'b', '中', 'a0123456789abcdef', '：', ' ', '=')
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 20 }), text => {
      const bytes = Buffer.from(text)
      if (mayHoldMarkup(text)) assert.ok(mayBeEncoded(bytes, 0, bytes.length))
      // Of both readers of JSON, which have to agree.
      shown(`${text}138<b>0013</b>8000`)
    }),
    { numRuns: 1000 },
  )
})
