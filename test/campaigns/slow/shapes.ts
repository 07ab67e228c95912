/** Bodies of many small things, beside each other or in one another, of which each could be looked at for each other. */
import type { Body } from './body.ts'

const names = ['张三', '李四', '王五', '赵六']
const nameAt = (at: number) => names[at % names.length]!
const phoneAt = (at: number) => `138${10_000_000 + ((at * 7919) % 90_000_000)}`
const many = (times: number, of: (at: number) => string, between = '') =>
  Array.from({ length: times }, (_, at) => of(at)).join(between)

export const shapes: Readonly<Record<string, Body<number>>> = {
  members: { format: 'json', of: n => `{${many(n, i => `"k${i}":1`, ',')}}` },
  membersLong: { format: 'json', of: n => `{${many(n, i => `"key of ${i} x":"${nameAt(i)}"`, ',')}}` },
  objsDistinct: {
    format: 'json',
    of: n => `[${many(n, i => `{"k${i}":"a","xm":"${nameAt(i)}","tel":"${phoneAt(i)}"}`, ',')}]`,
  },
  labels: { format: 'json', of: n => `[${many(n, i => `{"label":"字段${i}","value":"${nameAt(i)}"}`, ',')}]` },
  labelsXm: { format: 'json', of: n => `[${many(n, i => `{"label":"姓名","value":"${nameAt(i)}"}`, ',')}]` },
  columns: {
    format: 'json',
    of: n => `{"columns":[${many(n, i => `"c${i}"`, ',')}],"rows":[[${many(n, i => `"v${i}"`, ',')}]]}`,
  },
  columnsRows: {
    format: 'json',
    of: n => `{"columns":["姓名","b"],"rows":[${many(n, i => `["${nameAt(i)}","x"]`, ',')}]}`,
  },
  rowsFirst: {
    format: 'json',
    of: n => `{"rows":[${many(n, i => `["${nameAt(i)}","x"]`, ',')}],"columns":["姓名","b"]}`,
  },
  nested: { format: 'json', of: n => `[${many(n, () => '['.repeat(100) + ']'.repeat(100), ',')}]` },
  nestedObj: { format: 'json', of: n => `[${many(n, i => '{"a":'.repeat(100) + i + '}'.repeat(100), ',')}]` },
  phones: { format: 'json', of: n => `{"a":"${many(n, i => phoneAt(i), ' ')}"}` },
  phonesSame: { format: 'json', of: n => `{"a":"${many(n, () => phoneAt(1), ' ')}"}` },
  namesText: { format: 'json', of: n => `{"a":"${many(n, i => `姓名：${nameAt(i)}`, '，')}"}` },
  mails: { format: 'json', of: n => `{"a":"${many(n, i => `a${i}@b.com`, ' ')}"}` },
  jsonInJson: { format: 'json', of: n => `{"a":${JSON.stringify(`[${many(n, i => `{"xm":"${nameAt(i)}"}`, ',')}]`)}}` },
  urls: { format: 'json', of: n => `{"a":"${many(n, i => `http://h/${i}?tel=${phoneAt(i)}`, ' ')}"}` },
  refs: { format: 'json', of: n => `{"a":"${many(n, i => `&#${20000 + (i % 9000)};`)}"}` },
  percent: { format: 'json', of: n => `{"a":"${many(n, i => encodeURIComponent(nameAt(i)))}"}` },
  base64: {
    format: 'json',
    of: n => `{"a":"${many(n, i => Buffer.from(`姓名张三${phoneAt(i)}`).toString('base64'), ' ')}"}`,
  },
  zipped: { format: 'json', of: n => `{"a":"${many(n, i => `H4sIAAAAAAAAA${'A'.repeat(12 + (i % 8))}`, ' ')}"}` },
  tds: {
    format: 'html',
    of: n => `<table><tr>${many(n, i => `<th>c${i}</th>`)}</tr><tr>${many(n, i => `<td>v${i}</td>`)}</tr></table>`,
  },
  tdsKnown: {
    format: 'html',
    of: n =>
      `<table><tr>${many(n, () => `<th>姓名</th>`)}</tr><tr>${many(n, i => `<td>${nameAt(i)}</td>`)}</tr></table>`,
  },
  trs: {
    format: 'html',
    of: n =>
      `<table><tr><th>姓名</th><th>电话</th></tr>${many(n, i => `<tr><td>${nameAt(i)}</td><td>${phoneAt(i)}</td></tr>`)}</table>`,
  },
  trsOdd: {
    format: 'html',
    of: n =>
      `<table><tr><th>姓名</th><th>电话</th></tr>${many(n, i => `<tr class=c${i}><td id=${i}>${nameAt(i)}</td><td><b>${phoneAt(i)}</b>${i % 3 ? '<i>x</i>' : ''}</td></tr>`)}</table>`,
  },
  ths: {
    format: 'html',
    of: n => `<table>${many(n, i => `<tr><th>姓名</th></tr><tr><td>${nameAt(i)}</td></tr>`)}</table>`,
  },
  tables: { format: 'html', of: n => many(n, i => `<table><tr><td>姓名</td><td>${nameAt(i)}</td></tr></table>`) },
  nestedTables: {
    format: 'html',
    of: n => many(n, () => `${'<table><tr><td>'.repeat(30)}x${'</td></tr></table>'.repeat(30)}`),
  },
  colspans: {
    format: 'html',
    of: n => `<table>${many(n, () => '<tr><th colspan=1000>姓名</th></tr>')}<tr><td>张三</td></tr></table>`,
  },
  rowspans: {
    format: 'html',
    of: n => `<table><tr><th>姓名</th></tr>${many(n, () => '<tr><td rowspan=60000>x</td></tr>')}</table>`,
  },
  rowspans2: {
    format: 'html',
    of: n =>
      `<table><tr>${many(Math.min(n, 60), () => '<td rowspan=60000>x</td>')}</tr>${many(n, () => '<tr><td>y</td></tr>')}</table>`,
  },
  bolds: { format: 'html', of: n => many(n, i => `<b a=${i}><p>`) },
  boldsAlike: { format: 'html', of: n => many(n, () => `<b><p>`) },
  anchors: { format: 'html', of: n => many(n, i => `<a href=/${i}>x`) },
  nobr: { format: 'html', of: n => many(n, i => `<nobr a=${i}><div>`) },
  fonts: { format: 'html', of: n => many(n, i => `<font color=${i}><table>`) },
  divs: { format: 'html', of: n => `${'<div>'.repeat(n)}x` },
  spans: { format: 'html', of: n => `<p>${many(n, i => `<span>${i % 10}</span>`)}` },
  spansDigits: { format: 'html', of: n => `<p>13800138<span>0</span>${many(n, i => `<i>${i % 10}</i>`)}` },
  labelFor: {
    format: 'html',
    of: n => many(n, i => `<label for=i${i}>姓名</label><input id=i${i} value=${nameAt(i)}>`),
  },
  labelForSame: { format: 'html', of: n => many(n, i => `<label for=i>姓名</label><input id=i value=${nameAt(i)}>`) },
  inputs: { format: 'html', of: n => `<form>${many(n, i => `<input name=f${i} value=${phoneAt(i)}>`)}</form>` },
  options: { format: 'html', of: n => `<select name=xm>${many(n, i => `<option value=${i}>${nameAt(i)}`)}</select>` },
  definitions: { format: 'html', of: n => `<dl>${many(n, i => `<dt>姓名<dd>${nameAt(i)}`)}</dl>` },
  lis: { format: 'html', of: n => `<ul>${many(n, i => `<li>姓名：${nameAt(i)}`)}</ul>` },
  lineBreaks: { format: 'html', of: n => `<p>${many(n, i => `姓名：${nameAt(i)}<br>`)}</p>` },
  attrs: { format: 'html', of: n => `<p ${many(n, i => `a${i}=${phoneAt(i)}`, ' ')}>x</p>` },
  attrsMany: { format: 'html', of: n => many(n, i => `<p data-a${i}=${i}>x</p>`) },
  scripts: { format: 'html', of: n => many(n, i => `<script>var a${i}="${phoneAt(i)}"</script>`) },
  scriptVars: { format: 'html', of: n => `<script>${many(n, i => `var a${i}="${phoneAt(i)}";`)}</script>` },
  scriptParens: { format: 'html', of: n => `<script>${'('.repeat(n)}1${')'.repeat(n)}</script>` },
  scriptObj: {
    format: 'html',
    of: n => `<script>var a=[${many(n, i => `{xm:'${nameAt(i)}',tel:'${phoneAt(i)}'}`, ',')}]</script>`,
  },
  scriptConcat: { format: 'html', of: n => `<script>var a=${many(n, i => `'${i % 10}'`, '+')}</script>` },
  comments: { format: 'html', of: n => many(n, i => `<!-- ${phoneAt(i)} -->`) },
  styles: { format: 'html', of: n => many(n, i => `<p style="width:${i}px">x</p>`) },
  svgs: { format: 'html', of: n => many(n, i => `<svg><text>${nameAt(i)}</text></svg>`) },
  templates: { format: 'html', of: n => '<template>'.repeat(n) },
  forms: { format: 'html', of: n => many(n, () => '<form>') },
  lisOpen: { format: 'html', of: n => many(n, () => '<li><div>') },
  ddOpen: { format: 'html', of: n => many(n, () => '<dd><span>') },
  tdOpen: { format: 'html', of: n => `<table>${many(n, () => '<b>x')}` },
  foster: { format: 'html', of: n => `<table>${many(n, i => `x${i}<tr>`)}` },
  endTags: { format: 'html', of: n => many(n, () => '</p>') },
  buttons: { format: 'html', of: n => many(n, () => '<button><p>') },
  marquees: { format: 'html', of: n => many(n, () => '<b><marquee>') },
  xmlEls: { format: 'xml', of: n => `<r>${many(n, i => `<a${i}>${nameAt(i)}</a${i}>`)}</r>` },
  xmlRows: { format: 'xml', of: n => `<r>${many(n, i => `<s><xm>${nameAt(i)}</xm><tel>${phoneAt(i)}</tel></s>`)}</r>` },
  xmlNs: { format: 'xml', of: n => `<r>${many(n, i => `<a xmlns:n${i}="u${i}"/>`)}</r>` },
  xmlAttrs: {
    format: 'xml',
    of: n => `<r>${many(Math.ceil(n / 900), () => `<a ${many(900, i => `a${i}="x"`, ' ')}/>`)}</r>`,
  },
  xmlLabels: {
    format: 'xml',
    of: n => `<r>${many(n, i => `<p><name>姓名</name><value>${nameAt(i)}</value></p>`)}</r>`,
  },
  xmlMixed: { format: 'xml', of: n => `<r>${many(n, i => `${i % 10}<b/>`)}</r>` },
  xmlCdata: { format: 'xml', of: n => `<r>${many(n, i => `<![CDATA[${i % 10}]]>`)}</r>` },
  xmlEnt: { format: 'xml', of: n => `<r>${many(n, () => `&amp;`)}</r>` },
  xmlPi: { format: 'xml', of: n => `<r>${many(n, () => `<?a b?>`)}</r>` },
  xmlCom: { format: 'xml', of: n => `<r>${many(n, () => `<!--a-->`)}</r>` },
  csvCols: { format: 'csv', of: n => `${many(n, i => `c${i}`, ',')}\n${many(n, i => `v${i}`, ',')}\n` },
  csvColsKnown: { format: 'csv', of: n => `${many(n, () => `姓名`, ',')}\n${many(n, i => nameAt(i), ',')}\n` },
  csvRows: { format: 'csv', of: n => `姓名,tel\n${many(n, i => `${nameAt(i)},${phoneAt(i)}`, '\n')}\n` },
  csvRagged: {
    format: 'csv',
    of: n => `姓名,tel\n${many(n, i => many(1 + (i % 5), j => phoneAt(i + j), ','), '\n')}\n`,
  },
  csvLabels: { format: 'csv', of: n => many(n, i => `姓名,${nameAt(i)}`, '\n') },
  csvLabelCol: { format: 'csv', of: n => `变更字段,变更前,变更后\n${many(n, i => `字段${i},${nameAt(i)},x`, '\n')}\n` },
  csvQuotes: { format: 'csv', of: n => `a,b\n${many(n, () => `"a""b","c\nd"`, '\n')}\n` },
  textLabels: { format: 'text', of: n => many(n, i => `姓名：${nameAt(i)}`, '\n') },
  textLabelsOne: { format: 'text', of: n => many(n, i => `姓名：${nameAt(i)}`, ' ') },
  textTable: { format: 'text', of: n => `姓名 tel\n${many(n, i => `${nameAt(i)} ${phoneAt(i)}`, '\n')}` },
  textOpen: { format: 'text', of: n => many(n, () => '姓名：', '\n') },
  formPairs: { format: 'form', of: n => many(n, i => `k${i}=${phoneAt(i)}`, '&') },
  formXm: { format: 'form', of: n => many(n, i => `xm=${encodeURIComponent(nameAt(i))}`, '&') },
  events: { format: 'event_stream', of: n => many(n, i => `data: {"xm":"${nameAt(i)}"}\n\n`) },
  eventLines: { format: 'event_stream', of: n => `${many(n, i => `data: ${phoneAt(i)}\n`)}\n` },
  eventIds: { format: 'event_stream', of: n => many(n, i => `id: ${i}\nevent: e${i}\ndata: x\n\n`) },
}
