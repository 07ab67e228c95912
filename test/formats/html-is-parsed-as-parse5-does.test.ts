import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parse, serialize } from 'parse5'
import { type Page, parsePage } from '../../plugins/formats/html/page.ts'
import { atOnce } from '../../plugins/formats/html/turns.ts'

const names = fc.constantFrom(
  ...['table', 'TABLE', 'tr', 'td', 'Th', 'p', 'b', 'a', 'div', 'span', 'body', 'html', 'select', 'option', 'template'],
  ...[
    'svg',
    'math',
    'mi',
    'foreignObject',
    'title',
    'textarea',
    'script',
    'style',
    'pre',
    'image',
    'xm',
    'x-y',
    'h1',
    'h9',
  ],
)
const attributes = fc.constantFrom(
  ...['', '', '', ' class="a"', ' id="1" class="b"', ' class="a" class="b"', ' Class="a"', " class='a'", ' class=a'],
  ...[
    ' x="&amp;"',
    ' x="a\rb"',
    ' viewbox="1"',
    ' x=""',
    ' x="1"y="2"',
    ' x',
    '/',
    ' /',
    ' x="<>"',
    '  x="\n" ',
    ' x="𠮷"',
  ],
)
const texts = fc.constantFrom(
  ...[
    '',
    '姓名',
    ' ',
    '\n',
    '\r\n',
    '\r',
    '\0',
    'a b',
    '&amp;',
    '&',
    '<',
    '</',
    '<>',
    '</>',
    '<!--x-->',
    '<!x>',
    '<?x>',
  ],
  ...['𠮷', '\ud800', '<![CDATA[x]]>', '\f', '\v', '张三，李四', 'x'.repeat(40), '<!doctype html>'],
)
const tags = fc.oneof(
  fc.tuple(names, attributes).map(([name, more]) => `<${name}${more}>`),
  fc.tuple(names, fc.constantFrom('', '', '', ' ', '/', ' x="1"')).map(([name, more]) => `</${name}${more}>`),
  texts,
)
/** Blanks before it move it to where the parser takes another piece of the page. */
const pages = fc
  .tuple(fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, fc.integer({ min: 16_300, max: 16_384 })), fc.array(tags))
  .map(([before, parts]) => 'x'.repeat(before) + parts.join(''))

function read(source: string): Page {
  return atOnce(parsePage(source))
}

test('a page becomes the same tree', () => {
  fc.assert(
    fc.property(pages, source => {
      assert.equal(serialize(read(source).document), serialize(parse(source, { scriptingEnabled: false })))
    }),
    { numRuns: 3000 },
  )
})

test('its tokens stand one behind the other, each where it says', () => {
  fc.assert(
    fc.property(pages, source => {
      let done = 0
      for (const token of read(source).tokens) {
        assert.ok(token.from >= done && token.to > token.from)
        done = token.to
        const written = source.slice(token.from, token.to)
        if (token.kind === 'start') assert.ok(written.toLowerCase().startsWith(`<${token.name}`))
        if (token.kind === 'text' && !/[&\r\0]|CDATA|<\/>/.test(written)) assert.equal(written, token.text)
      }
      assert.ok(done <= source.length)
    }),
  )
})
