import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { maskBody, maskText } from '../support/mask-body.ts'
import { mask, planOf } from '../support/plan.ts'

const types = {
  name: { form: 'partial', mask: mask('keep_ends', { head: 1 }), cell: 'A2', identifies: 2 },
  id: { detector: 'cn_resident_id', cell: 'A4', identifies: 1 },
  tel: { detector: 'cn_mobile', form: 'partial', mask: mask('keep_ends', { head: 3, tail: 4 }) },
  address: {},
  secret: { form: 'remove', cell: 'A4' },
  sex: { form: 'clear', cell: 'A2' },
} as const
const fields = {
  姓名: 'name',
  xm: 'name',
  身份证号: 'id',
  idCard: 'id',
  手机: 'tel',
  地址: 'address',
  照片: 'secret',
  性别: 'sex',
  '监护人.电话': 'tel',
}
const plan = planOf({ fields, types })

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}

function shows(title: string, page: string, expected: string): void {
  test(title, () => assert.equal(maskText(plan, page, 'html'), expected))
}

const pages = Array.from(
  { length: 12 },
  (_, at) => `<td><a href="javascript:__doPostBack('GridView1','Page$${at + 2}')">${at + 2}</a>`,
).join('')

describe('tables of a page', () => {
  shows(
    'a column is what its header says',
    '<table><tr><th>序号<th>姓名*<tr><td>1<td>张三</table>',
    '<table><tr><th>序号<th>姓名*<tr><td>1<td>张*</table>',
  )
  shows(
    'a cell is what it says of itself to small screens',
    '<table><tr><td data-label="班级：">三班<td data-label="姓名：">张三<td data-th="手机"><b>1</b></table>',
    '<table><tr><td data-label="班级：">三班<td data-label="姓名：">张*<td data-th="手机"><b>***</b></table>',
  )
  shows(
    'parts of the programs of a page show what their label says',
    '<el-form-item label="姓名">张三</el-form-item><van-cell title="姓名" value="张三"></van-cell><p title="姓名">李四</p>',
    '<el-form-item label="姓名">张*</el-form-item><van-cell title="姓名" value="张*"></van-cell><p title="姓名">李四</p>',
  )
  shows(
    'in any row, section and span',
    '<table><thead><tr><td rowspan=2>号<td colspan=2>监护人<tr><td>姓名<td>电话</thead><tbody><tr><td>1<td>张三<td>0571-1<tfoot><tr><td>2<td>李四</table>',
    '<table><thead><tr><td rowspan=2>号<td colspan=2>监护人<tr><td>姓名<td>电话</thead><tbody><tr><td>1<td>张*<td>***<tfoot><tr><td>2<td>李*</table>',
  )
  shows(
    'a header row later on begins anew',
    '<table><tr><th>姓名<th>班<tr><td>张三<td>三班<tr><th>班<th>姓名<tr><td>三班<td>张三</table>',
    '<table><tr><th>姓名<th>班<tr><td>张*<td>三班<tr><th>班<th>姓名<tr><td>三班<td>张*</table>',
  )
  shows(
    'the links to other pages of a table are no values of its columns',
    `<table><tr><th>姓名<th>手机<tr><td>张三<td>1<tr><td colspan=2><table><tr><td><span>1</span>${pages}</table></table>`,
    `<table><tr><th>姓名<th>手机<tr><td>张*<td>***<tr><td colspan=2><table><tr><td><span>1</span>${pages}</table></table>`,
  )
  shows(
    'nor are words that go with them, while anything else in such a cell is',
    '<table><tr><th>姓名<th>手机<tr><td colspan=2>共2页 <a href=?p=2>下一页</a><tr><td colspan=2>张三 1 <a href=?p=2>下一页</a></table>',
    '<table><tr><th>姓名<th>手机<tr><td colspan=2>共2页 <a href=?p=2>下一页</a><tr><td colspan=2>张*******<a href=?p=2></a></table>',
  )
  shows(
    'a header beside names its row',
    '<table><tr><th>姓名</th><td>张三</td><th>班</th><td>三班</td></tr><tr><th>手机</th><td>13800138000</td></tr></table>',
    '<table><tr><th>姓名</th><td>张*</td><th>班</th><td>三班</td></tr><tr><th>手机</th><td>138****8000</td></tr></table>',
  )
  shows(
    'so does a label in the cell before',
    '<table><tr><td>姓名：<td>张三<td>班级：<td>三班<tr><td>地 址<td>杭州</table>',
    '<table><tr><td>姓名：<td>张*<td>班级：<td>三班<tr><td>地 址<td>***</table>',
  )
  shows(
    'labels below one another name what is beside them',
    '<table><tr><td>姓名<td>张三<td>班<td>三班<tr><td>手机<td>0571-1<td>备注<td>无</table>',
    '<table><tr><td>姓名<td>张*<td>班<td>三班<tr><td>手机<td>***<td>备注<td>无</table>',
  )
  shows(
    'plain cells can name columns below a title, as exports to Excel have them',
    `<table><tr><td colspan=3>学生名单</td></tr><tr><td>制表：教务处</td><td>二〇二六年</td><td></td></tr><tr><td>序号</td><td>姓名</td><td>地址</td></tr>${'<tr><td>1</td><td>张三</td><td>文三路</td></tr>'.repeat(3)}</table>`,
    `<table><tr><td colspan=3>学生名单</td></tr><tr><td>制表：教务处</td><td>二〇二六年</td><td></td></tr><tr><td>序号</td><td>姓名</td><td>地址</td></tr>${'<tr><td>1</td><td>张*</td><td>***</td></tr>'.repeat(3)}</table>`,
  )
  shows(
    'below a title that is marked as a header',
    '<table><thead><tr><th colspan=3>学生名单<tbody><tr><td>序号<td>姓名<td>地址<tr><td>1<td>张三<td>文三路</table>',
    '<table><thead><tr><th colspan=3>学生名单<tbody><tr><td>序号<td>姓名<td>地址<tr><td>1<td>张*<td>***</table>',
  )
  shows(
    'a form below a title has its values beside its labels',
    '<table><tr><td colspan=4>学生信息<tr><td>姓名<td>张三<td>班级<td>三班<tr><td>地址<td>文三路<td>姓名<td>李四<tr><td>学院<td>信息<td>籍贯<td>杭州</table>',
    '<table><tr><td colspan=4>学生信息<tr><td>姓名<td>张*<td>班级<td>三班<tr><td>地址<td>***<td>姓名<td>李*<tr><td>学院<td>信息<td>籍贯<td>杭州</table>',
  )
  shows(
    'a first row of plain cells can name columns',
    '<table><tr><td>班<td>姓名<td>手机<tr><td>三班<td>张三<td>0571-1</table>',
    '<table><tr><td>班<td>姓名<td>手机<tr><td>三班<td>张*<td>***</table>',
  )
  shows(
    'tables inside cells are masked with them, but for what is a label',
    '<table><tr><td>姓名<td><table><tr><th>班<th>姓名<tr><td>三班<td>张三</table></table>',
    '<table><tr><td>姓名<td><table><tr><th>***<th>姓名<tr><td>三*<td>张*</table></table>',
  )
  shows(
    'a removed cell is emptied',
    '<table><tr><th>照片<tr><td><b>x</b>y</table>',
    '<table><tr><th>照片<tr><td><b></b></table>',
  )
  shows(
    'inputs, titles and data of a cell are masked with it',
    '<table><tr><th>姓名<tr><td title="张三" class="c"><input name="q" value="张三"><i data-v="张三"></i></table>',
    '<table><tr><th>姓名<tr><td title="张*" class="c"><input name="q" value="张*"><i data-v="张*"></i></table>',
  )
})

describe('labels of a page', () => {
  shows('a name before a colon', '<p>姓名：张三 班级：三班</p>', '<p>姓名：张* 班级：三班</p>')
  shows('in an element of its own', '<p><b>姓名：</b>张三丰<br>x</p>', '<p><b>姓名：</b>张**<br>x</p>')
  shows(
    'an element whose text is a name',
    '<div><span>* 姓名</span><span>张三</span><span>x</span></div>',
    '<div><span>* 姓名</span><span>张*</span><span>x</span></div>',
  )
  shows(
    'blocks side by side',
    '<div><div><em>姓名</em></div><div><p>张三</p></div></div>',
    '<div><div><em>姓名</em></div><div><p>张*</p></div></div>',
  )
  shows(
    'definition lists',
    '<dl><dt>姓名<dd>张三<dd>李四<dt>班<dd>三班</dl>',
    '<dl><dt>姓名<dd>张*<dd>李*<dt>班<dd>三班</dl>',
  )
  shows(
    'labels of inputs, by id, around and before',
    '<label for=a>姓名</label><p><input id=a value=张三></p><label>姓名 <input value=张三></label><p>姓名：<input value=张三></p>',
    '<label for=a>姓名</label><p><input id=a value="张*"></p><label>姓名 <input value="张*"></label><p>姓名：<input value="张*"></p>',
  )
  shows(
    'ids and classes of running text',
    '<span id="ctl00_lblXm">张三</span><div class="a xm">张三</div><div class=xm><div>李四</div></div>',
    '<span id="ctl00_lblXm">张*</span><div class="a xm">张*</div><div class=xm><div>李四</div></div>',
  )
  shows(
    'elements that HTML does not have',
    '<list><xm>张三</xm><n:xm>张三</n:xm></list>',
    '<list><xm>张*</xm><n:xm>张*</n:xm></list>',
  )
  shows(
    'links name nothing beside them',
    '<ul><li><a href=/a>手机</a><li><a href=/b>关于</a></ul><ul><li>手机<li>0571-1</ul>',
    '<ul><li><a href=/a>手机</a><li><a href=/b>关于</a></ul><ul><li>手机<li>***</ul>',
  )
})

test('values beside one another are masked each on its own', () => {
  const span = (text: string) => `<span class=xm>${text}</span>`
  assert.equal(maskText(plan, span('张三') + span('李四'), 'html'), span('张*') + span('李*'))
})

describe('forms of a page', () => {
  shows(
    'values by name, id or placeholder, hidden ones too',
    '<input name="stu[0].idCard" type=hidden value=x><input id=txtXm value="张三"><input placeholder=姓名 value=张三>',
    '<input name="stu[0].idCard" type=hidden value="***"><input id=txtXm value="张*"><input placeholder=姓名 value="张*">',
  )
  shows('text areas', '<textarea name=xm>张三&amp;x</textarea>', '<textarea name=xm>张***</textarea>')
  shows(
    'choices, and which is chosen',
    '<select name=xm><option value=1 selected>张三<option value=2>李四</select><input type=radio name=xm value=张三 checked>',
    '<select name=xm><option value="***">张*<option value="***">李*</select><input type=radio name=xm value="张*">',
  )
  shows(
    'which is chosen of what is shown clear',
    '<td>性别<td><input type=radio name=r1 value=男><input type=radio name=r1 value=女 checked><tr><td>性别<td><select><option>男<option selected>女</select>',
    '<td>性别<td><input type=radio name=r1 value=男><input type=radio name=r1 value=女 checked><tr><td>性别<td><select><option>男<option selected>女</select>',
  )
  shows(
    'buttons say what they do',
    '<input type=submit name=xm value=保存><button name=xm value=1>提交</button>',
    '<input type=submit name=xm value=保存><button name=xm value=1>提交</button>',
  )
  shows(
    'what a server hides in a page for itself goes',
    `<input name=__VIEWSTATE value="${'A'.repeat(65)}">`,
    '<input name=__VIEWSTATE value="">',
  )
})

describe('attributes of a page', () => {
  shows(
    'are read by the detectors',
    '<a title="13800138000" id="u13800138000" data-x=13800138000>x</a>',
    '<a title="138****8000" id="u138****8000" data-x="138****8000">x</a>',
  )
  shows(
    'data by name, and JSON in it',
    `<i data-id-card="1" data-row='{"xm":"张三"}'></i>`,
    '<i data-id-card="***" data-row="{&quot;xm&quot;:&quot;张*&quot;}"></i>',
  )
  const link = (control: string, argument: string) =>
    `<table><tr><th>姓名<tr><td><a href="javascript:__doPostBack('${control}','${argument}')">x</a></table>`
  const shown = (control: string, argument: string) => link(control, argument).replace('>x<', '>***<')
  for (const [control, argument] of [
    ['GridView1$ctl02$lnkName', ''],
    ['ctl00$main$GridView1', 'Select$12'],
  ] as const)
    shows(`the link on a name works (${control})`, link(control, argument), shown(control, argument))
  shows('what it is told beside that is a value of its cell', link('lnk', '张三'), shown('lnk', '张*'))
  shows('so is a control named as somebody', link('张三', ''), shown('张*', ''))
  shows(
    'addresses by their parameters and parts',
    '<a href="/u/13800138000?xm=%E5%BC%A0%E4%B8%89&amp;p=1#13800138000">x</a>',
    '<a href="/u/138****8000?xm=%E5%BC%A0*&amp;p=1#138****8000">x</a>',
  )
  shows(
    'what parts of addresses hold, as they are or in base64',
    `<a href="/%7B%22xm%22%3A%22张三%22%7D?q=%7B%22xm%22%3A%22张三%22%7D&amp;s=${base64('{"xm":"张三","a":1}')}#{&quot;xm&quot;:&quot;张三&quot;}">x</a>`,
    `<a href="/%7B%22xm%22%3A%22%E5%BC%A0*%22%7D?q=%7B%22xm%22%3A%22%E5%BC%A0*%22%7D&amp;s=${encodeURIComponent(base64('{"xm":"张*","a":1}'))}#%7B%22xm%22%3A%22%E5%BC%A0*%22%7D">x</a>`,
  )
  shows('numbers to call', '<a href="tel:13800138000">x</a>', '<a href="tel:138****8000">x</a>')
  shows(
    'programs in them',
    `<b onclick="f('13800138000')">x</b><a href="javascript:f(%27xm%27,%27张三%27)">x</a>`,
    `<b onclick="f('138****8000')">x</b><a href="javascript:f('xm','张*')">x</a>`,
  )
  shows(
    'pages in them',
    '<iframe srcdoc="&lt;p>姓名：张三&lt;/p>"></iframe>',
    '<iframe srcdoc="&lt;p&gt;姓名：张*&lt;/p&gt;"></iframe>',
  )
  shows(
    'pictures in them are left out',
    '<img src="data:image/png;base64,AAAA"><p style="background:url(data:image/png;base64,AA)">',
    '<img src="data:,"><p style="background:url(data:,)">',
  )
  shows(
    'the second of a name, and those of an end tag, go',
    '<p title=x title=13800138000>x</p data-x=13800138000>',
    '<p title=x>x</p>',
  )
})

describe('text of a page', () => {
  shows('a number with markup in it is found', '<p>138<b>0013</b>8<i>00</i>0</p>', '<p>138****8000<b></b><i></i></p>')
  shows(
    'also where tags are dropped or comments part it',
    '<p>138<td>0013</td>80<!-- x -->00</p>',
    '<p>138****8000<td></td></p>',
  )
  shows('and one beside another number', '<p>2021<b>13800138000</b>2022</p>', '<p>2021<b>138****8000</b>2022</p>')
  shows('references are read', '<p>&#49;380013800&#x30;</p>', '<p>138****8000</p>')
  shows('comments go, of browsers and of people', '<!--张三--><!--[if IE]>张三<![endif]--><!x 13800138000></ x>x', 'x')
  shows('a tag cut off by the end goes', 'x<input value=13800138000', 'x')
  shows(
    'what only old browsers show goes',
    '<noframes>张三</noframes><iframe>张三</iframe>',
    '<noframes></noframes><iframe></iframe>',
  )
  shows(
    'titles, templates and foreign elements are read',
    '<title>13800138000</title><template><p>姓名：张三</p></template><svg><text><![CDATA[13800138000]]></text></svg>',
    '<title>138****8000</title><template><p>姓名：张*</p></template><svg><text>138****8000</text></svg>',
  )
  shows('a doctype says no more than it must', '<!DOCTYPE html "13800138000"><p>x', '<!DOCTYPE html><p>x')
})

describe('data in texts of a page', () => {
  shows(
    'JSON in a box or an element is read as JSON, escapes and all, and stays JSON',
    '<textarea>{"xm":"\\u5f20\\u4e09","n":"a\\/b"}</textarea><pre>[{"xm": "\\u5f20\\u4e09"}]</pre>',
    '<textarea>{"xm":"张*","n":"a\\/b"}</textarea><pre>[{"xm": "张*"}]</pre>',
  )
  shows(
    'what only begins as JSON is read by its labels',
    '<p>["名单" 姓名：张三</p><pre>{"xm": "张三", ...</pre>',
    '<p>["名单" 姓名：张*</p><pre>{"xm": "张*", ...</pre>',
  )
})

describe('scripts of a page', () => {
  shows(
    'what a program in a cell of a field calls other parts of the page stays, and what it is given does not',
    `<table><tr><th>姓名<td><input name=xm value=bob><script>focus(qs('#xm'));qs('.box').form['auth[driver]'].x();edit('bob','#1')</script></table>`,
    `<table><tr><th>姓名<td><input name=xm value="b**"><script>focus(qs('#xm'));qs('.box').form['auth[driver]'].x();edit('b**','***')</script></table>`,
  )
  const script = (text: string) => `<script>${text}</script>`
  const program = (title: string, text: string, expected: string) => shows(title, script(text), script(expected))
  program(
    'members of objects, with or without quotes',
    'var a={xm:"张三","idCard":\'1\',n:1,l:[{xm:"李四"}]}',
    'var a={xm:"张*","idCard":\'***\',n:1,l:[{xm:"李*"}]}',
  )
  program(
    'what is given to a name',
    'var xm="张三";s.xm = \'张三\';s["xm"]=`张三`',
    'var xm="张*";s.xm = \'张*\';s["xm"]=`张*`',
  )
  program(
    'what is put into the page',
    '$("#xm").val("张三").attr("class","red");document.getElementById("xm").value="张三";set("xm","张三")',
    '$("#xm").val("张*").attr("class","red");document.getElementById("xm").value="张*";set("xm","张*")',
  )
  program(
    'messages stay',
    'if(xm=="x"||f.xm.value==="")alert("请输入姓名")',
    'if(xm=="x"||f.xm.value==="")alert("请输入姓名")',
  )
  program(
    'strings written in parts, with escapes, numbers',
    'a("138"+"0013"+"8000","\\x31380013800\\u0030",13800138000)',
    'a("138****8000"+""+"","138****8000","138****8000")',
  )
  program('comments go', 'a=1//张三\nb=2/*张三*/', 'a=1 \nb=2 ')
  program(
    'slashes divide or begin patterns',
    'a=b/c/d;e=/"[/"]/g.test("13800138000")',
    'a=b/c/d;e=/"[/"]/g.test("138****8000")',
  )
  program('one that cannot be read goes', 'var a="13800138000', '')
  program('no masked text ends a script', 'xm="\\x3c/script>张三"', 'xm="\\x3c**********"')
  shows(
    'data is read as JSON',
    '<script type="application/ld+json">{"xm":"张三","n":1.50}</script>',
    '<script type="application/ld+json">{"xm":"张*","n":1.50}</script>',
  )
  program('comparisons stay', 'for(;i<script.length;)i<!a', 'for(;i<script.length;)i<!a')
  shows(
    'data ends no script either',
    '<script type="application/json">{"a":"\\u003c/script>13800138000","xm":"张三"}</script>',
    '<script type="application/json">{"a":"\\u003c/script>138****8000","xm":"张*"}</script>',
  )
  shows(
    'templates as pages',
    '<script type="text/html"><p title="李四">姓名：张三</p></script>',
    '<script type="text/html"><p title="李四">姓名：张*</p></script>',
  )
})

test('rows are table rows without headers, list items and definition lists', () => {
  const tally = (page: string) => maskBody(plan, page, [], 'html').tally
  const table = '<table><tr><th>姓名<th>身份证号<tr><td>张三<td>11010519491231002X<tr><td>李四<td></table>'
  assert.equal(tally(`<table><tr><td>${table}</table>`).rows, 2)
  assert.deepEqual(
    tally(table)
      .subjects.map(({ value }) => value)
      .sort(),
    ['11010519491231002X', '李四'],
  )
  assert.equal(tally('<ul><li>姓名：张三<li>姓名：李四<li>x</ul><dl><dt>姓名<dd>王五</dl>').rows, 3)
  assert.equal(tally('<p>姓名：张三').rows, 1)
})

test('a page inside a JSON string is read as one', () => {
  assert.equal(
    maskText(plan, '{"h":"<p>姓名：张三<br>138<b>00138000</b></p>"}'),
    '{"h":"<p>姓名：张*<br>138****8000<b></b></p>"}',
  )
})

describe('a value behind its label, in pieces', () => {
  shows(
    'is one value where elements only say how its letters look',
    '<p>身份证号：<b>110105</b><i>19491231</i><u>002X</u></p><p>手机 <font color=red>138</font>00138000</p>',
    '<p>身份证号：<b>***</b><i></i><u></u></p><p>手机 <font color=red>138****8000</font></p>',
  )
  shows(
    'is one value in spans, as Word writes them',
    '<p>手机：<span lang=EN-US>138</span><span>0013</span><span>8000</span></p>',
    '<p>手机：<span lang=EN-US>138****8000</span><span></span><span></span></p>',
  )
  shows(
    'ends at a blank, at other columns and at what is no part of a number',
    '<p>手机：<b>13800138000</b> <i>2026</i></p><li><span>手机</span><span>13800138000</span><span>3</span></li><p>姓名：<b>张三</b>先生您好</p>',
    '<p>手机：<b>138****8000</b> <i>2026</i></p><li><span>手机</span><span>138****8000</span><span>3</span></li><p>姓名：<b>张*</b>先生您好</p>',
  )
})

describe('the title of a page', () => {
  const head =
    '<title>教务系统 :: 姓名</title><meta name=viewport content="width=device-width"><script>var a = "dark";</script>'
  shows('names nothing that stands behind it in the head', head, head)
  shows(
    'is no label ahead of a link to styles',
    `<head>${head}<link rel=stylesheet href="/a.css"></head>`,
    `<head>${head}<link rel=stylesheet href="/a.css"></head>`,
  )
})

describe('a heading that links lead to', () => {
  const heading = '<h2><span class=headline id="姓名">姓名</span></h2>'
  shows('is called by what it shows, which is no value', heading, heading)
  shows('is a field where it shows something else', '<span id="姓名">张三</span>', '<span id="姓名">张*</span>')
})
