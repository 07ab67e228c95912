import { html } from '../../plugins/formats/html.ts'
import { formatContract } from '../contract/format.ts'

const page = `<!DOCTYPE html PUBLIC "-//W3C//DTD HTML 4.01//EN" "http://www.w3.org/TR/html4/strict.dtd">\r
<HTML lang=zh><head><meta charset=utf-8><title>a &amp; b</title><style>p > a { color: red }</style></head>
<body class='x'><p title="t">one <b>two</b>&nbsp;th&#114;ee<br>four<p>five
<table><tr><th>h<td>c</table><ul><li>x<li>y</ul><input name=q value=v><img src=/a.png?x=1&y=2 alt=""></body></HTML>`

formatContract(html, {
  harmless: [
    // title, t, one two three, four, five, h, c, x, y, v; the address has two parameters that no plan knows
    { body: page, scalars: 10 },
    { body: '\ufeff<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"/>', scalars: 0 },
    { body: 'no markup at all, 张三 &amp 1 < 2', scalars: 1 },
    { body: '<script>var a = "x", b = 1.5; f(/"/, `t`)</script>', scalars: 3 },
    { body: '<svg viewBox="0 0 1 1"><text>a<![CDATA[<b>]]></text></svg><math><mi>x</mi></math>', scalars: 2 },
    // The parser drops the cell's tags, so that its text runs on.
    { body: '<b><i>mis</b>nested</i><td>stray</td><textarea>\n\nx</textarea>', scalars: 2 },
    { body: '   ', scalars: 0 },
  ],
  malformed: ['<div>'.repeat(600), '<table><tr><td colspan=1000></td><td colspan=1000></td></tr></table>'],
  whole: true,
  *endless(bytes) {
    const piece = Buffer.from('<p>x</p>'.repeat(8192))
    for (let sent = 0; sent < bytes; sent += piece.length) yield piece
  },
})
