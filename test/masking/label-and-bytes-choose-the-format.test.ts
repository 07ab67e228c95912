import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FormatPlugin } from '../../gateway/contracts.ts'
import { chooseFormat, type Look, lookOf, signatureOf } from '../../gateway/masking/sniff.ts'

/** Formats as far as choosing goes: those of text whose bytes are a sure sign claim them. */
function format(name: string, mediaTypes: string[], looks: Look[], more: Partial<FormatPlugin> = {}): FormatPlugin {
  return {
    kind: 'format',
    name,
    summary: { zh: name, en: name },
    options: { type: 'object', additionalProperties: false, properties: {} },
    mediaTypes,
    suffixes: [],
    looksLike: head => looks.includes(lookOf(head)),
    create: () => () => ({ write: () => [], end: () => [] }),
    ...more,
  }
}

const all: Look[] = ['blank', 'object', 'script', 'markup', 'text']
const formats: FormatPlugin[] = [
  format('json', ['application/json'], ['blank', 'object', 'text'], {
    suffixes: ['+json'],
    claims: head => lookOf(head) === 'object',
  }),
  format('xml', ['text/xml', 'application/xml'], ['markup'], { claims: head => /<\?xml/.test(String(head)) }),
  format('html', ['text/html'], all, { claims: head => lookOf(head) === 'markup' }),
  format('csv', ['text/csv', 'application/vnd.ms-excel', 'application/x-msexcel'], all, { claims: () => false }),
  format('text', ['text/plain'], all, { claims: () => false }),
  format('xlsx', ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'], ['binary'], {
    reads: 'bytes',
    looksLike: head => signatureOf(head) === 'application/zip',
  }),
  format('xls', ['application/vnd.ms-excel', 'application/x-msexcel'], ['binary'], {
    reads: 'bytes',
    looksLike: head => signatureOf(head) === 'application/x-ole-storage',
  }),
]
const xlsx = formats.at(-2)!.mediaTypes[0]!

const bodies = {
  object: '{"xm":"张三"}',
  markup: '<table><tr><td>张三',
  text: '姓名：张三\n',
  script: 'cb({"xm":"张三"})',
  zip: 'PK\x03\x04\x14\0\x06\0\x08\0',
  ole: '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0',
  png: '\x89PNG\r\n\x1a\n\0\0\0\rIHDR',
}

const table: [label: string | null, Record<keyof typeof bodies, string | null>][] = [
  ['application/json', { object: 'json', markup: null, text: 'json', script: null, zip: null, ole: null, png: null }],
  [
    'application/hal+json',
    { object: 'json', markup: null, text: 'json', script: null, zip: null, ole: null, png: null },
  ],
  ['application/xml', { object: null, markup: 'xml', text: null, script: null, zip: null, ole: null, png: null }],
  ['text/html', { object: 'json', markup: 'html', text: 'html', script: null, zip: 'xlsx', ole: 'xls', png: null }],
  ['text/csv', { object: 'json', markup: 'html', text: 'csv', script: null, zip: 'xlsx', ole: 'xls', png: null }],
  [
    'application/vnd.ms-excel',
    { object: 'json', markup: 'html', text: 'csv', script: null, zip: 'xlsx', ole: 'xls', png: null },
  ],
  [
    'application/x-msexcel',
    { object: 'json', markup: 'html', text: 'csv', script: null, zip: 'xlsx', ole: 'xls', png: null },
  ],
  ['text/plain', { object: 'json', markup: 'html', text: 'text', script: null, zip: 'xlsx', ole: 'xls', png: null }],
  [xlsx, { object: null, markup: null, text: null, script: null, zip: 'xlsx', ole: 'xls', png: null }],
  ['text/javascript', { object: 'json', markup: null, text: null, script: null, zip: null, ole: null, png: null }],
  [
    'application/x-javascript',
    { object: 'json', markup: null, text: null, script: null, zip: null, ole: null, png: null },
  ],
  ['text/css', { object: 'json', markup: 'html', text: null, script: null, zip: 'xlsx', ole: 'xls', png: null }],
  [
    'application/octet-stream',
    { object: 'json', markup: 'html', text: 'text', script: null, zip: 'xlsx', ole: 'xls', png: null },
  ],
  [null, { object: 'json', markup: 'html', text: 'text', script: null, zip: 'xlsx', ole: 'xls', png: null }],
  ['image/png', { object: null, markup: null, text: null, script: null, zip: null, ole: null, png: null }],
  ['application/pdf', { object: null, markup: null, text: null, script: null, zip: null, ole: null, png: null }],
  ['application/x-protobuf', { object: null, markup: null, text: null, script: null, zip: null, ole: null, png: null }],
]

for (const [label, expected] of table) {
  test(`what is labelled ${label ?? 'nothing'} is read as its label and its bytes both allow, or withheld`, () => {
    for (const [look, name] of Object.entries(expected)) {
      const head = Buffer.from(
        bodies[look as keyof typeof bodies],
        ['png', 'zip', 'ole'].includes(look) ? 'latin1' : 'utf8',
      )
      assert.equal(chooseFormat(formats, label, head)?.name ?? null, name, look)
    }
  })
}

test('markup whose first element is none of a page is XML, whatever its label says', () => {
  for (const [body, name] of [
    ['<student><name>张三</name></student>', 'xml'],
    ['<姓名>张三</姓名>', 'xml'],
    ['<?xml version="1.0"?><r/>', 'xml'],
    ['<!-- list --><soap:Envelope xmlns:soap="u">', 'xml'],
    ['<!DOCTYPE html><x>', 'html'],
    ['<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN"><html>', 'html'],
    ['<?xml version="1.0"?>\n<html xmlns="http://www.w3.org/1999/xhtml">', 'html'],
    ['<!-- a <b> --><TABLE border=1>', 'html'],
    ['<br>张三', 'html'],
    ['<my-list><li>', 'html'],
    ['<!-- no more than that', 'html'],
  ] as const) {
    for (const label of ['text/html', 'text/plain', null])
      assert.equal(chooseFormat(formats, label, Buffer.from(body))?.name, name, `${label} ${body}`)
    assert.equal(chooseFormat(formats, 'text/xml', Buffer.from(body))?.name, 'xml')
    assert.equal(chooseFormat(formats, 'text/javascript', Buffer.from(body)), null)
  }
})

test('a script that holds data is told from text, and a log line from a JSON array', () => {
  for (const [body, look] of [
    ['cb({"a":1})', 'script'],
    ['/**/ jQuery123_4({"a":1});', 'script'],
    ['parent.show([1])', 'script'],
    ['var rows = [{xm:"x"}]', 'script'],
    ['window.name="x"', 'script'],
    ['{xm:"x"}', 'script'],
    ["{'xm':'x'}", 'script'],
    ["['x']", 'script'],
    [')]}\',\n{"a":1}', 'script'],
    ['while(1);{"a":1}', 'script'],
    ['for (;;);[1]', 'script'],
    ['\ufeff  {"a":1}', 'object'],
    ['{', 'object'],
    ['[', 'object'],
    ['[{"a":1}]', 'object'],
    ['[1,2]', 'object'],
    ['[-1.5e3]', 'object'],
    ['[true]', 'object'],
    ['[]', 'object'],
    ['[2026-11-21 08:00] started', 'text'],
    ['[INFO] started', 'text'],
    ['[公告] 放假', 'text'],
    ['{{name}}', 'text'],
    ['xm,tel\n', 'text'],
    ['  \r\n\t', 'blank'],
    [' \n<html>', 'markup'],
  ] as const)
    assert.equal(lookOf(Buffer.from(body)), look, body)
})

test('what is no text is told from text in any charset', () => {
  for (const body of [
    '\x89PNG\r\n\x1a\n',
    '\xff\xd8\xff\xe0',
    'GIF89a\x01\0\x01\0',
    '%PDF-1.7\n%',
    '%!PS-Adobe-3.0',
    '{\\rtf1\\ansi',
    'PK\x03\x04',
    '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1',
    '\x1f\x8b\x08',
    '\x7fELF\x02',
    'Rar!\x1a\x07\0',
    'MZ\x90\0\x03',
    '{"a":"\0"}',
    '\xff\xfe{\0"\0',
    '\xfe\xff\0{',
    '<\0h\0t\0m\0l\0',
    '\x08\x96\x01\x12',
    '\x82\xa2id\x01',
  ])
    assert.equal(lookOf(Buffer.from(body, 'latin1')), 'binary', JSON.stringify(body))
  for (const body of [
    'BM,name\n',
    'MZ,XM\n',
    'wOFF means web open font',
    'OTTO,anna',
    'PAR1 of 2',
    'LP',
    'a\x1b[0m',
    'a\x0cb',
  ])
    assert.notEqual(lookOf(Buffer.from(body)), 'binary', body)
  for (const body of [
    Buffer.from('\xd0\xd5\xc3\xfb,\xb5\xe7\xbb\xb0', 'latin1'),
    Buffer.from('\xa9m\xa6W,\xb9q\xb8\xdc', 'latin1'),
  ])
    assert.equal(lookOf(body), 'text')
})
