import { updatePanel } from '../../plugins/formats/update-panel.ts'
import { formatContract } from '../contract/format.ts'

const node = (type: string, id: string, content: string) => `${content.length}|${type}|${id}|${content}|`

function* panels(bytes: number): Iterable<Uint8Array> {
  yield Buffer.from(`${bytes}|updatePanel|UpdatePanel1|`)
  const piece = Buffer.from('<p>没有数据</p>'.repeat(500))
  for (let sent = 0; sent < bytes; sent += piece.length) yield piece
}

formatContract(updatePanel, {
  harmless: [
    {
      body: [
        node('#', '', '4'),
        node('updatePanel', 'ctl00_main_UpdatePanel1', '<table><tr><td>没有|数据</td></tr></table>\r\n'),
        node('hiddenField', '__EVENTTARGET', ''),
        node('hiddenField', 'page', '2'),
        node('asyncPostBackControlIDs', '', 'ctl00$main$Timer1'),
        node('updatePanelIDs', '', 'tctl00$main$UpdatePanel1,fctl00$main$UpdatePanel2'),
        node('asyncPostBackTimeout', '', '90'),
        node('pageTitle', '', '学生𠮷名册'),
        node('focus', '', 'ctl00_main_txtName'),
      ].join(''),
      scalars: 3,
    },
    { body: node('pageRedirect', '', '/Login.aspx'), scalars: 0 },
    { body: node('dataItemJson', 'a', '[1,"b"]'), scalars: 1 },
    { body: node('dataItem', 'a', 'b'), scalars: 1 },
  ],
  malformed: [
    '3|updatePanel|p1|<p>|x',
    '4|updatePanel|p1|<p>|',
    '3|updatePanel|p1|<p>|\r\n',
    '3|unheardOf|p1|<p>|',
    '9|#||4|',
    '1|#||x|',
    '2|asyncPostBackTimeout||9a|',
    '3|focus||<p>|',
  ],
  endless: panels,
  whole: true,
})
