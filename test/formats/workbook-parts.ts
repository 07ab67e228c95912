/** A workbook made by hand that has something in every part that workbooks can have. */
import { type Entry, writeZip } from '../../plugins/formats/xlsx/zip.ts'

const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const drawing = 'http://schemas.openxmlformats.org/drawingml/2006'
const spreadsheet = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

const prolog = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
export type Parts = Record<string, string>

export function packed(parts: Parts): Buffer {
  return writeZip(Object.entries(parts).map(([name, text]): Entry => ({ name, content: Buffer.from(text) })))
}

function relations(list: Readonly<Record<string, readonly [type: string, target: string]>>, external = ''): string {
  const lines = Object.entries(list).map(
    ([id, [type, target]]) =>
      `<Relationship Id="${id}" Type="${type.startsWith('http') ? type : `${office}/${type}`}" Target="${target}"/>`,
  )
  return `${prolog}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${lines.join('')}${external}</Relationships>`
}

/** The smallest workbook: one sheet with these rows of XML in its `sheetData`. */
export function plain(sheetData: string, more = ''): Parts {
  return {
    '[Content_Types].xml': `${prolog}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${spreadsheet}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${spreadsheet}.worksheet+xml"/></Types>`,
    '_rels/.rels': relations({ rId1: ['officeDocument', 'xl/workbook.xml'] }),
    'xl/workbook.xml': `${prolog}<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relations({ rId1: ['worksheet', 'worksheets/sheet1.xml'] }),
    'xl/worksheets/sheet1.xml': `${prolog}<worksheet xmlns="${main}" xmlns:r="${office}"><sheetData>${sheetData}</sheetData>${more}</worksheet>`,
  }
}

/** Each of `values` is planted in every part: in cells of all kinds, and in all that keeps them a second time. */
export function everything(name: string, id: string, tel: string): Parts {
  const half = (text: string) => [text.slice(0, 4), text.slice(4)] as const
  const [left, right] = half(id)
  const escaped = [...tel].map(digit => `_x00${digit.charCodeAt(0).toString(16)}_`).join('')
  const parts = plain('')
  const override = (part: string, type: string) => `<Override PartName="/${part}" ContentType="${type}"/>`
  const types = [
    override('xl/sharedStrings.xml', `${spreadsheet}.sharedStrings+xml`),
    override('xl/comments1.xml', `${spreadsheet}.comments+xml`),
    override('xl/threadedComments/threadedComment1.xml', 'application/vnd.ms-excel.threadedcomments+xml'),
    override('xl/persons/person.xml', 'application/vnd.ms-excel.person+xml'),
    override('xl/drawings/drawing1.xml', 'application/vnd.openxmlformats-officedocument.drawing+xml'),
    override('xl/charts/chart1.xml', 'application/vnd.openxmlformats-officedocument.drawingml.chart+xml'),
    override('xl/tables/table1.xml', `${spreadsheet}.table+xml`),
    override('xl/pivotCache/pivotCacheDefinition1.xml', `${spreadsheet}.pivotCacheDefinition+xml`),
    override('docProps/core.xml', 'application/vnd.openxmlformats-package.core-properties+xml'),
  ].join('')
  return {
    ...parts,
    '[Content_Types].xml': parts['[Content_Types].xml']!.replace(
      '</Types>',
      `<Default Extension="png" ContentType="image/png"/><Default Extension="vml" ContentType="application/vnd.openxmlformats-officedocument.vmlDrawing"/>${types}</Types>`,
    ),
    '_rels/.rels': relations({
      rId1: ['officeDocument', 'xl/workbook.xml'],
      rId2: [
        'http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties',
        'docProps/core.xml',
      ],
      rId3: [
        'http://schemas.openxmlformats.org/package/2006/relationships/metadata/thumbnail',
        'docProps/thumbnail.jpeg',
      ],
    }),
    'docProps/core.xml': `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>${name}</dc:creator><cp:keywords>${id}</cp:keywords></cp:coreProperties>`,
    'docProps/thumbnail.jpeg': `picture of ${name} ${id} ${tel}`,
    'xl/workbook.xml': `${prolog}<workbook xmlns="${main}" xmlns:r="${office}"><!-- ${tel} --><fileSharing userName="${name}"/><sheets><sheet name="S" sheetId="1" r:id="rId1"/><sheet name="hidden ${tel}" sheetId="2" state="veryHidden" r:id="rId2"/></sheets><externalReferences><externalReference r:id="rId9"/></externalReferences><definedNames><definedName name="who">"${name} ${id}"</definedName><definedName name="rate_${tel}">S!$A$1</definedName><definedName name="area">S!$A$1:$B$2</definedName></definedNames><pivotCaches><pivotCache cacheId="1" r:id="rId7"/></pivotCaches><extLst><ext uri="{x}"><v>${tel}</v></ext></extLst></workbook>`,
    'xl/_rels/workbook.xml.rels': relations({
      rId1: ['worksheet', 'worksheets/sheet1.xml'],
      rId2: ['worksheet', '/xl/worksheets/sheet2.xml'],
      rId3: ['sharedStrings', 'sharedStrings.xml'],
      rId7: ['pivotCacheDefinition', 'pivotCache/pivotCacheDefinition1.xml'],
      rId8: ['http://schemas.microsoft.com/office/2017/10/relationships/person', 'persons/person.xml'],
      rId9: ['externalLink', 'externalLinks/externalLink1.xml'],
      rId10: ['http://schemas.microsoft.com/office/2006/relationships/vbaProject', 'vbaProject.bin'],
    }),
    'xl/sharedStrings.xml': `${prolog}<sst xmlns="${main}" count="9" uniqueCount="9"><si><t>姓名</t></si><si><t>身份证号</t></si><si><t>说明</t></si><si><t>${name}</t><rPh sb="0" eb="1"><t>${name}</t></rPh></si><si><r><rPr><b/></rPr><t>${left}</t></r><r><t>${right}</t></r></si><si><t>tel ${escaped}</t></si><si><t>keep me</t></si><si><t>unused ${id}</t></si><si><t>手机号</t></si></sst>`,
    'xl/worksheets/sheet1.xml': `${prolog}<worksheet xmlns="${main}" xmlns:r="${office}" xmlns:x14="urn:x14"><sheetPr codeName="S"/><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c><c r="D1" t="s"><v>8</v></c></row><row r="2"><c r="A2" t="s"><v>3</v></c><c r="B2" t="s"><v>4</v></c><c r="C2" t="s"><v>5</v></c><c r="D2"><v>${tel}</v></c><c r="E2" t="str"><f>A2</f><v>${name}</v></c></row><row r="3" hidden="1"><c r="A3" t="inlineStr"><is><r><t>${name.slice(0, 1)}</t></r><r><t>${name.slice(1)}</t></r></is></c><c r="B3" t="str"><f>"${left}"&amp;"${right}"</f><v>${id}</v></c><c r="C3" t="s"><v>6</v></c><c r="D3"><f t="shared" si="0" ref="D3:D4">VALUE("${tel}")</f><v>${Number(tel).toExponential()}</v></c><c r="E3" t="str"><f>"call ${tel}"</f><v>x</v></c></row><row r="4"><c r="C4"><f>SUM(1,2)</f><v>3</v></c><c r="D4"><f t="shared" si="0"/><v>7</v></c><c r="E4"><f>VLOOKUP(1,[1]Sheet1!A1,1)</f><v>5</v></c><c r="F4" t="e"><f>1/0</f><v>#DIV/0!</v></c></row></sheetData><autoFilter ref="A1:D4"><filterColumn colId="0"><filters><filter val="${name}"/></filters></filterColumn></autoFilter><conditionalFormatting sqref="A1"><cfRule type="containsText" priority="1" text="${name}"><formula>NOT(ISERROR(SEARCH("${id}",A1)))</formula></cfRule></conditionalFormatting><dataValidations count="1"><dataValidation type="list" sqref="A2"><formula1>"${name},${tel}"</formula1></dataValidation></dataValidations><hyperlinks><hyperlink ref="A2" r:id="rId4" tooltip="${name} ${tel}"/></hyperlinks><pageSetup orientation="landscape" r:id="rId6"/><headerFooter><oddHeader>&amp;Ltel ${tel}</oddHeader></headerFooter><drawing r:id="rId1"/><legacyDrawing r:id="rId2"/><tableParts count="1"><tablePart r:id="rId5"/></tableParts><extLst><ext uri="{x}"><x14:v>${id}</x14:v></ext></extLst></worksheet>`,
    'xl/worksheets/sheet2.xml': `${prolog}<x:worksheet xmlns:x="${main}"><x:sheetData><x:row><x:c t="inlineStr"><x:is><x:t>姓名</x:t></x:is></x:c><x:c t="inlineStr"><x:is><x:t>${name}</x:t></x:is></x:c></x:row><x:row><x:c t="inlineStr"><x:is><x:t>手机号</x:t></x:is></x:c><x:c><x:v>${tel}</x:v></x:c></x:row></x:sheetData></x:worksheet>`,
    'xl/worksheets/_rels/sheet1.xml.rels': relations(
      {
        rId1: ['drawing', '../drawings/drawing1.xml'],
        rId2: ['vmlDrawing', '../drawings/vmlDrawing1.vml'],
        rId3: ['comments', '../comments1.xml'],
        rId5: ['table', '../tables/table1.xml'],
        rId6: ['printerSettings', '../printerSettings/printerSettings1.bin'],
        rId7: [
          'http://schemas.microsoft.com/office/2017/10/relationships/threadedComment',
          '../threadedComments/threadedComment1.xml',
        ],
      },
      `<Relationship Id="rId4" Type="${office}/hyperlink" Target="mailto:${tel}@example.com" TargetMode="External"/>`,
    ),
    'xl/comments1.xml': `${prolog}<comments xmlns="${main}"><authors><author>${name}</author></authors><commentList><comment ref="A2" authorId="0"><text><r><t>tel: ${tel.slice(0, 5)}</t></r><r><t>${tel.slice(5)}</t></r></text></comment></commentList></comments>`,
    'xl/threadedComments/threadedComment1.xml': `<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"><threadedComment ref="A2" dT="2026-01-01T00:00:00.00" personId="{00000000-0000-0000-0000-000000000001}" id="{00000000-0000-0000-0000-000000000002}"><text>姓名：${name} ${id}</text></threadedComment></ThreadedComments>`,
    'xl/persons/person.xml': `<personList xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"><person displayName="${name}" id="{00000000-0000-0000-0000-000000000001}" userId="${name}@example.com" providerId="AD"/></personList>`,
    'xl/drawings/drawing1.xml': `<xdr:wsDr xmlns:xdr="${drawing}/spreadsheetDrawing" xmlns:a="${drawing}/main" xmlns:r="${office}"><xdr:oneCellAnchor><xdr:pic><xdr:nvPicPr><xdr:cNvPr id="2" name="p" descr="photo of ${tel}"/></xdr:nvPicPr><xdr:blipFill><a:blip r:embed="rId1"/></xdr:blipFill></xdr:pic></xdr:oneCellAnchor><xdr:oneCellAnchor><xdr:pic><xdr:blipFill><a:blip r:embed="rId3"/></xdr:blipFill></xdr:pic></xdr:oneCellAnchor><xdr:twoCellAnchor><xdr:sp><xdr:txBody><a:p><a:r><a:t>${tel.slice(0, 5)}</a:t></a:r><a:r><a:t>${tel.slice(5)}</a:t></a:r></a:p></xdr:txBody></xdr:sp></xdr:twoCellAnchor><xdr:twoCellAnchor><xdr:graphicFrame><c:chart xmlns:c="${drawing}/chart" r:id="rId2"/></xdr:graphicFrame></xdr:twoCellAnchor></xdr:wsDr>`,
    'xl/drawings/_rels/drawing1.xml.rels': relations({
      rId1: ['image', '../media/image1.png'],
      rId2: ['chart', '../charts/chart1.xml'],
      rId3: ['image', `../media/${name}.png`],
    }),
    'xl/drawings/vmlDrawing1.vml': `<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"><v:shape id="_x0000_s1025" alt="${tel}"><v:textbox><div>note ${tel}</div></v:textbox></v:shape></xml>`,
    'xl/media/image1.png': `pixels of ${name} ${id}`,
    [`xl/media/${name}.png`]: 'pixels',
    'xl/charts/chart1.xml': `<c:chartSpace xmlns:c="${drawing}/chart" xmlns:a="${drawing}/main"><c:chart><c:title><c:tx><c:rich><a:p><a:r><a:t>of ${id}</a:t></a:r></a:p></c:rich></c:tx></c:title><c:ser><c:cat><c:strRef><c:f>S!$A$2:$A$3</c:f><c:strCache><c:ptCount val="1"/><c:pt idx="0"><c:v>${name}</c:v></c:pt></c:strCache></c:strRef></c:cat><c:val><c:numRef><c:f>S!$D$2</c:f><c:numCache><c:ptCount val="1"/><c:pt idx="0"><c:v>${tel}</c:v></c:pt></c:numCache></c:numRef></c:val></c:ser></c:chart></c:chartSpace>`,
    'xl/tables/table1.xml': `<table xmlns="${main}" id="1" name="T" displayName="T" ref="A1:D4"><autoFilter ref="A1:D4"/><tableColumns count="4"><tableColumn id="1" name="姓名"/><tableColumn id="2" name="身份证号"/><tableColumn id="3" name="说明"><calculatedColumnFormula>"${tel}"</calculatedColumnFormula></tableColumn><tableColumn id="4" name="手机号"/></tableColumns></table>`,
    'xl/pivotCache/pivotCacheDefinition1.xml': `<pivotCacheDefinition xmlns="${main}"><s v="${name}"/><s v="${id}"/></pivotCacheDefinition>`,
    'xl/externalLinks/externalLink1.xml': `<externalLink xmlns="${main}"><v>${tel}</v></externalLink>`,
    'xl/printerSettings/printerSettings1.bin': `printer of ${name}`,
    'xl/vbaProject.bin': `macro ${tel}`,
    'customXml/item1.xml': `<x>${id}</x>`,
  }
}
