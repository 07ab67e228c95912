import { xml } from '../../plugins/formats/xml.ts'
import { formatContract } from '../contract/format.ts'

const row =
  '<row id="7" 姓="a &lt; b"><xm>张三丰</xm><n:note xmlns:n="urn:n"> a <![CDATA[<b>&amp;]]> &#x5f20; 😀 </n:note><e/><e></e></row>'

formatContract(xml, {
  harmless: [
    { body: `<?xml version="1.0" encoding="UTF-8"?>\r\n<rows>\n  ${row}\n  ${row}\n</rows>\n`, scalars: 8 },
    { body: '<a/>', scalars: 0 },
    { body: "\ufeff<?xml version='1.0'?><a b='1' c = \"2\" >x</a >", scalars: 3 },
    { body: '\r\n <?xml version="1.0" standalone="yes" ?><a>1<b>2</b>3</a>', scalars: 3 },
    { body: '<?xml-stylesheet href="a.xsl"?><a:b xmlns:a="urn:a" a:c=">"><a:b/>]] ></a:b>', scalars: 2 },
    { body: `<a xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true" xml:lang="zh"/>`, scalars: 0 },
  ],
  malformed: [
    '<a>',
    '<a></b>',
    '<a/><a/>',
    '<a/>x',
    'x<a/>',
    '<a b=1/>',
    '<a b="1" b="2"/>',
    '<a b="1"c="2"/>',
    '<a b="<"/>',
    '<a>&nbsp;</a>',
    '<a>&amp</a>',
    '<a>&#0;</a>',
    '<a>&#xD800;</a>',
    '<a>]]></a>',
    '<a>\u0000</a>',
    '<a>\uffff</a>',
    '<1/>',
    '<a:b/>',
    '<a:b:c xmlns:a="urn:a"/>',
    '<a xmlns:b=""/>',
    '<a xmlns:xml="urn:a"/>',
    '<a xmlns:b="urn:c" xmlns:d="urn:c" b:e="" d:e=""/>',
    '<!DOCTYPE a><a/>',
    '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>',
    '<a><!-- -- --></a>',
    '<a><![CDATA[</a>',
    '<a/><?xml version="1.0"?>',
    '<?xml version="1.1"?><a/>',
    '<?xml encoding="UTF-8"?><a/>',
    '<html><body/></html>',
    '<a><i:Include xmlns:i="http://www.w3.org/2004/08/xop/include" href="cid:1"/></a>',
    '<a',
    '<a b="1',
    '<?xml version="1.0"?>',
    '--MIME\r\nContent-Type: application/xop+xml\r\n\r\n<a/>\r\n--MIME--',
  ],
  *endless(bytes) {
    yield Buffer.from('<rows>')
    const piece = Buffer.from(row.repeat(500))
    for (let sent = 0; sent < bytes; sent += piece.length) yield piece
    yield Buffer.from('</rows>')
  },
})
