import { createHmac, randomBytes } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { CharsetCodec } from '../../gateway/exchange/charset/codec.ts'
import { readMultipart } from '../../gateway/exchange/request/multipart.ts'
import { startUpstream, type Upstream } from './start-upstream.ts'

/** A page of ASP.NET WebForms as they were written in 2008: in GBK, with its state hidden in it, checked when it comes back. */
export type WebForms = Upstream & {
  /** States it has given out, in order. */
  readonly states: string[]
  /** Bodies that were posted to it, as bytes. */
  readonly posted: Buffer[]
  readonly people: readonly Person[]
}

export type Person = { readonly name: string; readonly id: string; readonly tel: string }

export const people: readonly Person[] = [
  { name: '欧阳小凤', id: '11010519491231002X', tel: '13800138000' },
  { name: '李建国', id: '110105199003071233', tel: '13900139000' },
  { name: '买买提·吐尔逊', id: '650102198505055432', tel: '13700137000' },
]

const key = randomBytes(20)
const validationFailed = 'Validation of viewstate MAC failed.'

/** `extra`: bytes that each state has besides; `split`: after how many characters a state goes on in another field. */
export async function startWebForms({ extra = 0, split = 0 } = {}): Promise<WebForms> {
  const states: string[] = []
  const posted: Buffer[] = []
  const upstream = await startUpstream(async (request, response) => {
    const body = await buffer(request)
    const url = new URL(request.url!, 'http://x')
    const label = request.headers['content-type'] ?? ''
    const said =
      request.method === 'POST' ? await fieldsOf(body, label) : new Map([...url.searchParams].filter(isState))
    if (request.method === 'POST') posted.push(body)
    const isAsync = said.get('__ASYNCPOST') === 'true' || request.headers['x-microsoftajax'] === 'Delta=true'
    if (said.size > 0 && !isRight(said)) {
      if (isAsync) return void response.setHeader('content-type', 'text/plain; charset=gb2312').end(deltaError)
      return void response.writeHead(500, { 'content-type': 'text/html; charset=gb2312' }).end(validationFailed)
    }
    const page = /^Page\$(\d+)$/.exec(said.get('__EVENTARGUMENT') ?? '')?.[1] ?? '1'
    const state = stateOf(people, page, extra)
    states.push(state)
    response.setHeader('content-type', isAsync ? 'text/plain; charset=gb2312' : 'text/html; charset=gb2312')
    response.end(inGbk(isAsync ? deltaOf(page, state, request.headers.host!) : pageOf(page, state, split)))
  })
  return { ...upstream, states, posted, people }
}

function isState([name]: readonly [string, string]): boolean {
  return name.startsWith('__')
}

async function fieldsOf(body: Buffer, label: string): Promise<Map<string, string>> {
  if (!label.startsWith('multipart/')) return new Map(new URLSearchParams(body.toString('latin1')))
  const { form } = readMultipart(body, /boundary=(.*)$/.exec(label)![1]!)
  return new Map(new URLSearchParams(form.toString('latin1')))
}

/** As ObjectStateFormatter writes pairs of strings, with its MAC behind. */
function stateOf(shown: readonly Person[], page: string, extra: number): string {
  const text = (value: string) => {
    const bytes = Buffer.from(value)
    return Buffer.concat([Buffer.of(0x05, bytes.length), bytes])
  }
  const cells = shown.flatMap(({ name, id, tel }) => [name, id, tel].map(text))
  const content = Buffer.concat([Buffer.of(0xff, 0x01, 0x0f), text(page), ...cells, Buffer.alloc(extra, 'v')])
  return Buffer.concat([content, macOf(content)]).toString('base64')
}

function macOf(content: Buffer): Buffer {
  return createHmac('sha1', key).update(content).digest()
}

/** As the server checks it, first thing. */
function isRight(said: ReadonlyMap<string, string>): boolean {
  const pieces = [said.get('__VIEWSTATE') ?? '']
  for (let at = 1; at < Number(said.get('__VIEWSTATEFIELDCOUNT') ?? 1); at++)
    pieces.push(said.get(`__VIEWSTATE${at}`) ?? '')
  const state = pieces.join('')
  const bytes = Buffer.from(state, 'base64')
  const content = bytes.subarray(0, -20)
  const whole = bytes.toString('base64') === state && macOf(content).equals(bytes.subarray(-20))
  return (
    whole && said.get('__EVENTVALIDATION') === validationOf(state) && said.get('__VIEWSTATEGENERATOR') === 'CA0B0334'
  )
}

function validationOf(state: string): string {
  return macOf(Buffer.from(state)).toString('base64')
}

function inGbk(text: string): Uint8Array {
  return new CharsetCodec('gbk', 'markup').write(Buffer.from(text))
}

const hidden = (name: string, value: string) => `<input type="hidden" name="${name}" id="${name}" value="${value}" />`

function rowsOf(page: string): string {
  const rows = people.map(
    ({ name, id, tel }, at) =>
      `<tr><td><a id="GridView1_ctl0${at}_lnk" href="javascript:__doPostBack(&#39;GridView1$ctl0${at}$lnk&#39;,&#39;&#39;)">${name}</a></td><td>${id}</td><td>${tel}</td></tr>`,
  )
  return `<table cellspacing="0" id="GridView1"><tr><th scope="col">姓名</th><th scope="col">身份证号</th><th scope="col">手机号</th></tr>
${rows.join('\n')}
<tr><td colspan="3"><table border="0"><tr><td><span id="lblPage">${page}</span></td><td><a href="javascript:__doPostBack(&#39;GridView1&#39;,&#39;Page$2&#39;)">下一页</a></td></tr></table></td></tr></table>`
}

function pageOf(page: string, state: string, split: number): string {
  const pieces = split === 0 ? [state] : (state.match(new RegExp(`.{1,${split}}`, 'g')) ?? [])
  const fields = pieces.map((piece, at) => hidden(`__VIEWSTATE${at || ''}`, piece))
  if (split > 0) fields.unshift(hidden('__VIEWSTATEFIELDCOUNT', String(pieces.length)))
  return `<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml"><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312" /><title>学生名册</title></head>
<body><form method="post" action="./List.aspx" id="form1">
<div class="aspNetHidden">
${hidden('__EVENTTARGET', '')}
${hidden('__EVENTARGUMENT', '')}
${hidden('__LASTFOCUS', '')}
${fields.join('\n')}
</div>
<script type="text/javascript">
//<![CDATA[
var theForm = document.forms['form1'];
if (!theForm) { theForm = document.form1; }
function __doPostBack(eventTarget, eventArgument) {
    if (!theForm.onsubmit || (theForm.onsubmit() != false)) {
        theForm.__EVENTTARGET.value = eventTarget;
        theForm.__EVENTARGUMENT.value = eventArgument;
        theForm.submit();
    }
}
//]]>
</script>
<div class="aspNetHidden">
${hidden('__VIEWSTATEGENERATOR', 'CA0B0334')}
${hidden('__SCROLLPOSITIONX', '0')}
${hidden('__EVENTVALIDATION', validationOf(state))}
</div>
<span>姓名</span><input name="ctl00$main$txtName" type="text" id="ctl00_main_txtName" />
<input type="submit" name="ctl00$main$btnSearch" value="查询" id="ctl00_main_btnSearch" />
<div id="UpdatePanel1">${rowsOf(page)}</div>
</form></body></html>`
}

const node = (type: string, id: string, content: string) => `${content.length}|${type}|${id}|${content}|`
const deltaError = node('error', '500', validationFailed)

/** As PageRequestManager writes it. */
function deltaOf(page: string, state: string, host: string): string {
  return [
    node('#', '', '4'),
    node('updatePanel', 'UpdatePanel1', rowsOf(page)),
    node('hiddenField', '__VIEWSTATE', state),
    node('hiddenField', '__VIEWSTATEGENERATOR', 'CA0B0334'),
    node('hiddenField', '__EVENTVALIDATION', validationOf(state)),
    node('asyncPostBackControlIDs', '', ''),
    node('postBackControlIDs', '', ''),
    node('updatePanelIDs', '', 'tUpdatePanel1,UpdatePanel1'),
    node('childUpdatePanelIDs', '', ''),
    node('panelsToRefreshIDs', '', 'UpdatePanel1,UpdatePanel1'),
    node('asyncPostBackTimeout', '', '90'),
    node('formAction', '', `http://${host}/List.aspx`),
    node('pageTitle', '', '学生名册'),
    node('scriptStartupBlock', 'ScriptContentNoTags', `window.first = { xm: "${people[0]!.name}" };`),
  ].join('')
}
