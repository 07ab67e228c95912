import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { maskBody } from '../support/mask-body.ts'
import { planOf } from '../support/plan.ts'
import { readHtml } from './read-html.ts'

const plan = planOf({ fields: { 姓名: 'name', xm: 'name' }, types: { name: {}, tel: { detector: 'cn_mobile' } } })
const person = '欧阳小凤'
const number = '13800138000'

/** Where a name can stand in a page so that somebody who reads it knows that it is one. */
const named: readonly string[] = [
  '<table><tr><th>号</th><th>姓名</th></tr><tr><td>1</td><td>@</td></tr></table>',
  '<table class=t><thead><tr><td>姓名<td>班<tbody><tr><td><a href="x.htm">@</a><td>三班</table>',
  '<table><tr><td>姓名：</td><td>@</td></tr></table>',
  '<table><tr><th>姓名<td>@<th>班<td>三班</table>',
  '<dl><dt>姓名</dt><dd>@</dd></dl>',
  '<p>姓名：@</p>',
  '<p><strong>姓名</strong>： @<br>三班</p>',
  '<label for="@id">姓名</label><p><input id="@id" value="@"></p>',
  "<input name='xm' type=hidden value='@'>",
  '<input name=stu.xm value=@>',
  '<textarea name=xm>@</textarea>',
  '<span class="lbl xm">@</span>',
  '<i data-xm="@"></i>',
  `<i data-row='{"xm":"@","n":1}'></i>`,
  '<script>var s={"xm":"@",n:12};</script>',
  '<script>s.xm = "@"; f(s)</script>',
  '<script type="application/json">{"a":[{"xm":"@"}]}</script>',
  '<a href="/s?a=1&amp;xm=@">x</a>',
  '<template><p>姓名：@</p></template>',
  '<xm>@</xm>',
]
const anywhere: readonly string[] = [
  '<p>call # now</p>',
  '<td title="#">x</td>',
  '<b onclick="call(\'#\')">x</b>',
  '<svg><text>#</text></svg>',
  '<script>var a = ["x", "#", 1.5, /a"b/];</script>',
  '<img alt="#" src="/p?t=1">',
  '<title>#</title>',
  '<style>p::after{content:"#"}</style>',
  '<select><option value="#">x</select>',
]
const harmless: readonly string[] = [
  '<p class="a b" style="color:red">text &amp; <em>more</em> &copy; 三班</p>',
  '<ul><li>x<li><a href="/a/b?c=d&amp;e=f#g" target=_blank>y</a></ul>',
  '<script>var t = 1, u = "x" + "y"; if (t < 2) { go("a", 2) }</script>',
  '<table border=0><tr><td>a<td>b<tr><td>c<td>12</table>',
  '<form action="/x" method=post><input name=q><input type=submit value="查询"></form>',
  '<!-- gone -->',
  'plain < text',
]
const wrappers: readonly string[] = [
  '$',
  '<div id=d>$</div>',
  '<center><font size=2>$</font></center>',
  '<table><tr><td width=9>$</td></tr></table>',
  '<section><p>a<hr>$</section>',
]

const fragment = fc
  .tuple(fc.constantFrom(...named, ...anywhere, ...harmless), fc.constantFrom(...wrappers))
  .map(([text, wrapper]) => wrapper.replace('$', () => text))
const page = fc
  .tuple(fc.array(fragment, { maxLength: 8 }), fc.boolean())
  .map(([parts, whole]) => (whole ? `<!DOCTYPE html>\n<html><body>${parts.join('\n')}</body></html>` : parts.join('')))

test('a page keeps its shape and all but what is typed, and no typed value is left', () => {
  fc.assert(
    fc.property(page, fc.array(fc.nat(2000), { maxLength: 2 }), (template, cuts) => {
      const body = template.replaceAll('@id', 'i1').replaceAll('@', person).replaceAll('#', number)
      const bytes = Buffer.from(body)
      const ordered = cuts.map(cut => cut % (bytes.length + 1)).sort((a, b) => a - b)
      const masked = maskBody(plan, bytes, ordered, 'html').bytes.toString()
      assert.ok(!masked.includes(person) && !masked.includes(number), 'nothing typed is left')
      const hides = (value: string) => value.includes(person) || value.includes(number)
      const [before, after] = [readHtml(body), readHtml(masked)]
      assert.deepEqual(
        after.map(({ path }) => path),
        before.map(({ path }) => path),
      )
      for (const [at, fact] of before.entries())
        if (!hides(fact.value)) assert.equal(after[at]!.value, fact.value, fact.path)
    }),
    { numRuns: 400 },
  )
})

function shownOf(page: string): string {
  return maskBody(plan, Buffer.from(page), [], 'html').bytes.toString()
}

test('a tag that came before is read again where its place says more', () => {
  const again = '<input class="c" value="无"><td class="c"><i class="xm" title="三班">'
  const page = `<table><tr>${again.repeat(3)}</tr><tr><th>姓名</th></tr><tr><td class="c">${person}</td></tr></table>`
  const masked = shownOf(page)
  assert.ok(!masked.includes(person))
  assert.deepEqual(masked.match(/<[^>]*class="c"[^>]*>/g), page.match(/<[^>]*class="c"[^>]*>/g))
  const typed = '<option class="c" selected>'
  const list = (name: string) => `<select name=${name}>${typed}三班</option></select>`
  const shown = shownOf(list('a') + list('xm') + list('a'))
  assert.equal(shown.split(typed).length - 1, 2)
})

test('end tags of elements that nobody knows are written anew where blanks stand in their names', () => {
  const page = '<A\u3000b>1</A\u3000b><TD>1</TD><Ab>2</Ab>'
  assert.equal(shownOf(page), '<A\u3000b>1</a\u3000b><TD>1</TD><Ab>2</Ab>')
})
