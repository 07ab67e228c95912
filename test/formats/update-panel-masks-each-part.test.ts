import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { linksInText, linksOf } from '../../gateway/exchange/response/links.ts'
import { nodesOf } from '../../plugins/formats/update-panel/nodes.ts'
import { updatePanel } from '../../plugins/formats/update-panel.ts'
import { limits, masking, maskText, scope } from '../support/mask-body.ts'
import { people as plan } from './people-plan.ts'

const node = (type: string, id: string, content: string) => `${content.length}|${type}|${id}|${content}|`

/** What a part becomes between two others, with its length written anew. */
function shows(title: string, type: string, id: string, content: string, expected: string): void {
  test(title, () => {
    const masked = maskText(plan, node('#', '', '4') + node(type, id, content) + node('focus', '', 'a'), 'update_panel')
    assert.equal(masked, node('#', '', '4') + node(type, id, expected) + node('focus', '', 'a'))
    assert.equal(nodesOf(masked).length, 3)
  })
}

describe('of an answer to an UpdatePanel', () => {
  const table = (name: string) => `\r\n<table><tr><th>姓名</th></tr>\r\n<tr><td>${name}</td></tr></table>`
  shows('a panel is masked as a page', 'updatePanel', 'p1', table('张三丰'), table('张**'))
  shows('a hidden field is what its name says', 'hiddenField', 'ctl00$hfXm', '张三丰', '张**')
  shows('a state is emptied where nothing could bring it back', 'hiddenField', '__VIEWSTATE', 'A'.repeat(80), '')
  shows('a title is read as text', 'pageTitle', '', '姓名：张三丰', '姓名：张**')
  shows('a program is read as one', 'scriptStartupBlock', 'ScriptContentNoTags', 'a.xm="张三丰";', 'a.xm="张**";')
  const script = (text: string) => JSON.stringify({ type: 'text/javascript', text })
  shows(
    'so is one with its tag',
    'scriptBlock',
    'ScriptContentWithTags',
    script('a.xm="张三丰"'),
    script('a.xm="张**"'),
  )
  shows('what is done with a form', 'onSubmit', '', 'a.xm="张三丰";return true', 'a.xm="张**";return true')
  shows('what an element is given', 'expando', `document.getElementById('xm')['value']`, '"张三丰"', '"张**"')
  shows('what stands in a list', 'arrayDeclaration', 'xm', '"张三丰", "李四"', '"张**", "李*"')
  shows('an address by its parameters', 'formAction', '', 'a.aspx?xm=%E5%BC%A0%E4%B8%89', 'a.aspx?xm=%E5%BC%A0*')
  const asIs = encodeURIComponent('/Login.aspx?xm=张三')
  const masked = encodeURIComponent(`/Login.aspx?xm=${encodeURIComponent('张*')}`)
  shows('one that is escaped as a whole', 'pageRedirect', '', asIs, masked)
  shows('data for programs', 'dataItemJson', 'lbl1', '{"xm":"张三丰"}', '{"xm":"张**"}')
  shows('what is removed from data leaves JSON', 'dataItemJson', '民族', '1', 'null')
})

test('an error says nothing of what the system said', () => {
  const masked = maskText(plan, node('error', '500', '学生张三丰的记录被锁定'), 'update_panel')
  assert.ok(!masked.includes('张'))
  assert.match(nodesOf(masked)[0]!.content, /上游系统报错.*reported an error/)
})

test('a part whose name says who somebody is withholds them all', () => {
  assert.throws(() => maskText(plan, node('updatePanel', 'p13800138000', '<p>'), 'update_panel'))
})

test('links to a system that has a number for a name lead to where callers reach it, with the length of that', () => {
  const links = linksInText(linksOf('http://10.21.3.8:8080', '/app', '/xg'))
  const delta = (link: string) => node('updatePanel', 'p1', `<a href="${link}">x</a>`) + node('formAction', '', link)
  const masker = masking.start(plan, updatePanel, scope, limits, { links })
  const bytes = Buffer.from(delta('http://10.21.3.8:8080/app/List.aspx'))
  const masked = Buffer.concat([...masker.write(bytes), ...masker.end()]).toString()
  assert.equal(masked, delta('/xg/List.aspx'))
})
