import assert from 'node:assert/strict'
import { test } from 'node:test'
import { maskBody, maskText } from '../support/mask-body.ts'
import { planOf } from '../support/plan.ts'

const plan = planOf({ fields: { 姓名: 'name', xm: 'name' }, types: { name: {}, tel: { detector: 'cn_mobile' } } })
const person = '欧阳小凤'
const number = '13800138000'

/** Ways to put a value where parsers, browsers and readers of source may disagree about what is there. */
const pages: readonly string[] = [
  `<p>${number}<!-- x -->${number}</p>`,
  `<p>${number}\0${number}</p>`,
  `<p>138&#8203;0013&#8203;8000</p>`,
  `<p>${number.split('').join('<wbr>')}</p>`,
  `<p>&#x31;&#51;8&#48;0138000`,
  `<select><div title="${number}">x</div></select>`,
  `<frameset><p>${number}</p></frameset>`,
  `<html a="${number}"><html b="${number}"><body c="${number}"><body d="${number}">`,
  `<math><annotation-xml encoding="text/html"><p>${number}</p></annotation-xml></math>`,
  `<plaintext>${number}<b>`,
  `<xmp>${number}</xmp>`,
  `<noscript><p title="</noscript>${number}">x</p></noscript>`,
  `<style><!-- ${number} --></style>`,
  `<script><!-- ${number}\n//--></script>`,
  `<script>/*${number}*/</script>`,
  `<script type=module>export const a=\`${number}\`</script>`,
  `<script type="x">${number}</script>`,
  `<script src="/a.js?tel=${number}"></script>`,
  `<meta http-equiv=refresh content="0;url=/x?tel=${number}">`,
  `<link rel=x href="/${number}.css">`,
  `<input placeholder="${number}">`,
  `<table summary="${number}"><caption>${number}</caption><tr><th>姓名<tr><td>${person}</table>`,
  `<table><colgroup>${number}<tr><td>x</table>`,
  `<table>${number}<tr>${number}<td>x</table>`,
  `<svg><title>${number}</title><a xlink:href="/x?xm=${person}">x</a><style>/*${number}*/</style><script>var xm="${person}"</script></svg>`,
  `<x13800138000>x</x13800138000>`,
  `</p ${number}>`,
  `<?php ${number}?>`,
  `<![CDATA[${number}]]>`,
  `<a href="&#106;avascript:f('xm','${person}')">`,
  `<a href=" java\nscript:f('${number}')">`,
  `<object data="/x" type="${number}"><param name=xm value="${person}"></object>`,
  `<embed src="/x?xm=${person}">`,
  `<form action="/s?xm=${person}"><button formaction="/${number}" value="${number}">`,
  `<datalist id=d><option value="${person}" label="${number}"></datalist><input name=xm list=d>`,
  `<textarea>${number}`,
  `<title>${number}`,
  `<p data-x='[{"xm":"${person}"}]'>`,
  `<p data-x='{"xm":"${person}"}'>`,
  `<script>f({xm:'${person}'.trim()})</script>`,
  `<script>f({"xm" : ("${person}")})</script>`,
  `<script>xm += "${person}"</script>`,
  `<script>let {xm="${person}"}={}</script>`,
  `<script>class A{xm="${person}"}</script>`,
  `<script>a={xm:["${person}"]}</script>`,
  `<script>a={xm:{v:"${person}"}}</script>`,
  `<script>a={xm:b?"${person}":"x"}</script>`,
  `<script>a={xm:b||"${person}"}</script>`,
  `<script>JSON.parse('{"xm":"${person}"}')</script>`,
  `<script>JSON.parse("{\\"xm\\":\\"${person}\\"}")</script>`,
  `<script>d.innerHTML="<td>姓名</td><td>${person}</td>"</script>`,
  `<script>d.innerHTML="<tr><th>姓名</th><td>"+"${person}"+"</td></tr>"</script>`,
  `<script>a={"\\u0078m":"${person}"}</script>`,
  `<script>var xm=String.raw\`${person}\`</script>`,
  `<script>a=${number}</script>`,
  `<script>a=1.3800138e10</script>`,
  `<script>a=0x336930B90</script>`,
  `<script>${number}:1</script>`,
  `<script>a=/${number}/</script>`,
  `<script>a={${number}:1,"${number}":2}</script>`,
  `<p>姓名<b>：</b>${person}</p>`,
  `<p>姓 名：${person}</p>`,
  `<p>姓名:&nbsp;${person}</p>`,
  `<p>姓名<br>${person}</p>`,
  `<div>姓名</div>${person}`,
  `<td>姓名</td><td>${person}</td>`,
  `<tr><td>姓名<td>${person}</tr>`,
  `<li>姓名 <span>${person}</span></li>`,
  `<ul><li>姓名</li><li>${person}</li></ul>`,
  `<div class="row"><div class="label">姓名</div><div class="value"><div><span>${person}</span></div></div></div>`,
  `<th>姓名</th><td>${person}</td>`,
  `<dl><div><dt>姓名</dt><dd>${person}</dd></div></dl>`,
  `<fieldset><legend>姓名</legend>${person}</fieldset>`,
  `<details><summary>姓名</summary>${person}</details>`,
  `<table><tr><td><b>姓名</b></td></tr><tr><td>${person}</td></tr></table>`,
  `<table><tr><td>姓名</td></tr><tr><td>${person}</td></tr></table>`,
  `<table><tr><td>姓名<td></td><td>${person}</table>`,
  `<table><tbody><tr><td colspan=2>姓名<tr><td>x<td>${person}</table>`,
  `<h3>姓名</h3><p>${person}</p>`,
  `<span aria-label="姓名">${person}</span>`,
  `<span itemprop=xm content="${person}">x</span>`,
  `<meta name=xm content="${person}">`,
  `<meta property="og:xm" content="${person}">`,
  `<input aria-label="姓名" value="${person}">`,
  `<div><label>姓名</label><div><input value="${person}"></div></div>`,
  `<p>姓名</p><input value="${person}">`,
  `<table><tr><td>姓名<td><input value="${person}"><td>x</table>`,
  `<img alt="姓名：${person}">`,
  `<a title="姓名:${person}">x</a>`,
  `<option>姓名：${person}`,
  `<p onclick="f({xm:'${person}'})">`,
  `<a href="javascript:void(xm='${person}')">`,
  `<a href="#xm=${person}">`,
  `<iframe src="data:text/html,${person}"></iframe>`,
  `<base href="/${number}/">`,
  `<p style="--x:'${number}'">`,
  `<img srcset="/${number}.png 1x">`,
  `<bdo>${number}</bdo>`,
  `<ruby>${number.slice(0, 5)}<rt>x</rt>${number.slice(5)}</ruby>`,
]

for (const page of pages) {
  test(`nothing typed is left of ${JSON.stringify(page.replaceAll(person, 'N').replaceAll(number, 'T'))}`, () => {
    const masked = maskText(plan, page, 'html')
    const read = masked.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    for (const form of [masked, read, decoded(read)]) {
      assert.ok(!form.includes(person), masked)
      assert.ok(!form.includes(number), masked)
    }
  })
}

function decoded(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, run => Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'))
}

test('a number broken over lines is read as one, and other lines of digits stay', () => {
  const broken = planOf({ types: { tel: { detector: 'cn_mobile' }, id: { cell: 'A4', detector: 'cn_resident_id' } } })
  const shown = (lines: string) => maskText(broken, `<table><tr><td>${lines}</td><td>1</td></tr></table>`, 'html')
  const cell = (text: string) => `<table><tr><td>${text}</td><td>1</td></tr></table>`
  assert.equal(shown('110105194<br>91231002X'), cell('***<br>'))
  assert.equal(shown('110105<br/>\n19491231<br />002X'), cell('***<br/>\n<br />'))
  assert.equal(shown('138<br>0013<br>8000'), cell('***<br><br>'))
  assert.equal(shown('电话<br>138<br>0013<br>8000<br>转 2'), cell('电话<br>***<br><br><br>转 2'))
  assert.equal(shown('13800138000<br>2021'), cell('***<br>2021'))
  for (const lines of [
    '138<br>a<br>00138000',
    '138</td><td>0013<br>8000',
    '2021<br>2022',
    '1<br>3<br>8<br>0<br>0<br>1<br>3<br>8<br>0<br>0<br>0',
  ])
    assert.equal(shown(lines), cell(lines))
})

test('numbers under one another, or side by side, count once each', () => {
  const tel = planOf({ types: { tel: { detector: 'cn_mobile' } } })
  for (const between of ['<br>', ' ', '<br/>', '<b></b><br><br>']) {
    const { bytes, tally } = maskBody(tel, `<p>13800138000${between}13900139000</p>`, [], 'html')
    assert.equal(bytes.toString(), `<p>***${between}***</p>`)
    assert.deepEqual(tally.fields, { 'tel@A3': { redact: 2 } })
  }
})

test('a reference behind blanks goes with the value that it begins', () => {
  for (const before of [' ', '\n', 'x ', '&#32;', '&Tab;']) {
    for (const value of ['&#27431;阳小凤', '&#x6b27;阳小凤', '&#27431阳小凤', '&#27431;&#38451;小凤']) {
      const masked = maskText(plan, `<p>姓名：<b>${before}${value}</b></p>`, 'html')
      assert.ok(!/27431|6b27|38451|阳小凤/.test(masked), masked)
    }
  }
})
