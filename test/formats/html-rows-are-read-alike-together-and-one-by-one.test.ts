import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parse, parseFragment } from 'parse5'
import type { Plan } from '../../gateway/policy/plan.ts'
import { parsePage } from '../../plugins/formats/html/page.ts'
import type { KinToken, TagToken } from '../../plugins/formats/html/tokens.ts'
import { atOnce } from '../../plugins/formats/html/turns.ts'
import { html } from '../../plugins/formats/html.ts'
import { faultOf, limits, masking, scope, tallyOf } from '../support/mask-body.ts'
import { id, people, tel } from './people-plan.ts'

const says = Symbol('what each element says of its own')
type Part = string | typeof says | Tag
type Tag = { readonly name: string; readonly attributes: string; readonly parts: readonly Part[] }

const attributes = fc.constantFrom(
  ...['', '', '', '', '', ' class="a"', ' class=xm', ' id=tel', ' title="手机号"', ` title="${tel}"`, ' colspan=2'],
  ...[' rowspan=2', ' data-field="idCard"', ' onclick="go(1)"', ' href="/a"', " x='1'", ' for="tel"'],
  ...[' title="§"', ' href="/a?no=§&x=§"', ' class="§"', ' id="row§" class="xm"', ' colspan="§"', ' x=§'],
  ` onclick="go('§')"`,
)
/** In place of § in attributes. */
const ownValue = fc.constantFrom(
  ...[
    '1',
    '2',
    '7',
    'odd',
    'even',
    'xm',
    'a_tel',
    tel,
    '手机号',
    '姓名：张三丰',
    '&amp;',
    'a&b=1',
    '&lt',
    '',
    ' ',
    '\r\n',
  ],
)
const label = fc.constantFrom(
  '姓名',
  '姓名：',
  '手机号:',
  '备注',
  '电话',
  '民族',
  '手机',
  '手机号（',
  '：',
  ' ',
  '\n',
  '*',
)
const leaf = (...names: string[]): fc.Arbitrary<Tag> =>
  fc.record({
    name: fc.constantFrom(...names),
    attributes,
    parts: fc.oneof({ weight: 4, arbitrary: fc.constant([says]) }, { weight: 1, arbitrary: fc.tuple(label) }),
  })
const inner = leaf('span', 'b', 'p', 'label', 'a', 'dt', 'dd', 'em', 'li', 'div', 'h3')
const block: fc.Arbitrary<Tag> = fc.record({
  name: fc.constantFrom('div', 'li', 'p', 'ul', 'dl', 'section', 'article', 'span'),
  attributes,
  parts: fc.array(fc.oneof<fc.Arbitrary<Part>[]>(inner, inner, label, fc.constant(says)), {
    minLength: 1,
    maxLength: 5,
  }),
})
const cell: fc.Arbitrary<Tag> = fc.oneof(
  { weight: 9, arbitrary: leaf('td') },
  { weight: 1, arbitrary: leaf('th') },
  { weight: 1, arbitrary: block.map(one => ({ name: 'td', attributes: '', parts: [one] })) },
)
const row: fc.Arbitrary<Tag> = fc.record({
  name: fc.constant('tr'),
  attributes,
  parts: fc.array(cell, { minLength: 1, maxLength: 6 }),
})
const value = fc.oneof(
  fc.constantFrom(
    '张三丰',
    '李四光',
    id,
    tel,
    `电话${tel}`,
    `姓名：张三丰`,
    '138 0013 8000',
    '1',
    'X',
    '1 3 8 0 0 1 3 8 0 0 0',
  ),
  fc.constantFrom(
    '',
    '',
    ' ',
    '\n 张三丰 ',
    'a b',
    '姓名',
    '机号',
    '号：',
    '：张三丰',
    '（必填）',
    'x'.repeat(60),
    '{"xm":"张三丰"}',
  ),
  fc.constantFrom(
    '&nbsp;',
    '&amp;',
    'a>b',
    '\u00a0',
    '\r\n',
    '\0',
    '😀',
    '<br>',
    '</b>',
    '<i>',
    '<!--x-->',
    '手机号(',
    '*',
  ),
)
const group = fc.record({
  shape: fc.oneof(row, block),
  values: fc.array(value, { minLength: 3, maxLength: 9 }),
  ownValues: fc.array(ownValue, { minLength: 3, maxLength: 7 }),
  count: fc.integer({ min: 3, max: 12 }),
  between: fc.constantFrom('', '', '\n', ' ', '\r\n', '<!--x-->', 'x'),
  head: fc.array(label, { maxLength: 6 }),
  section: fc.constantFrom('', 'tbody', 'thead', 'tfoot'),
  /** Now and then all of an element's values are of these. */
  odd: fc.nat(5),
})
type Group = typeof group extends fc.Arbitrary<infer One> ? One : never

/** Blanks in the tags of an element so many that none is like another. */
function written(part: Part, value: () => string, own: () => string, blanks: string): string {
  if (typeof part === 'string') return part
  if (part === says) return value()
  const inner = part.parts.map(one => written(one, value, own, blanks)).join('')
  return `<${part.name}${part.attributes.replace(/§/g, own)}${blanks}>${inner}</${part.name}>`
}

function writtenGroup(
  { shape, values, ownValues, count, between, head, section, odd }: Group,
  isApart: boolean,
): string {
  let nth = 0
  const calm = values.filter(one => !/<|&#|&nbsp$|\0|^\s*$/.test(one))
  const elements = Array.from({ length: count }, (_, at) => {
    const from = at % 6 === odd || calm.length === 0 ? values : calm
    const own = () => ownValues[nth++ % ownValues.length]!
    return written(shape, () => from[nth++ % from.length]!, own, isApart ? ' '.repeat(at + 1) : '')
  })
  const all = elements.join(between)
  if (shape.name !== 'tr') return `<div>${all}</div>`
  const header = head.length === 0 ? '' : `<tr>${head.map(one => `<th>${one}</th>`).join('')}</tr>`
  return `<table>${header}${section === '' ? all : `<${section}>${all}</${section}>`}</table>`
}

const pages = fc.tuple(
  fc.constantFrom('', '<!DOCTYPE html><body>', '<b>', '<p><i>x</p>', '<svg>', '<template>', '<font size=1>', '<table>'),
  fc.array(group, { minLength: 1, maxLength: 3 }),
)

type Node = {
  readonly nodeName: string
  readonly value?: string
  readonly attrs?: readonly { readonly name: string; readonly value: string }[]
  readonly childNodes?: readonly Node[]
  readonly content?: Node
}

/** What an element says in place of what stands in it, and an attribute in place of its value; undefined: what it says. */
type Said = (element: object, attribute: string | null) => string | undefined

/** The tree of a page; where elements are read together, that of each. */
function treeOf(node: Node, kin: ReadonlyMap<object, KinToken>, source: string, said: Said = () => undefined): string {
  const { nodeName, value, attrs = [] } = node
  if (nodeName === '#text') return JSON.stringify(value)
  const children = (node.content ?? node).childNodes ?? []
  const own = said(node, null)
  const inside = children.map((child, at) =>
    child.nodeName === '#kin' ? kinOf(kin.get(children[at - 1]!)!, kin, source) : treeOf(child, kin, source, said),
  )
  const shown = own === undefined ? inside.join('') : own === '' ? '' : JSON.stringify(own)
  return `<${nodeName} ${attrs.map(({ name, value }) => `${name}=${said(node, name) ?? value}`).join(' ')}>${shown}</>`
}

/** What text of a source says. */
function saidIn(text: string): string {
  const [node] = parseFragment(text).childNodes
  return node === undefined ? '' : ((node as unknown as Node).value ?? '')
}

function valueIn(written: string): string {
  const [node] = parseFragment(`<p x="${written}">`).childNodes
  return (node as unknown as Node).attrs![0]!.value
}

function rootOf({ tokens }: KinToken['model']): Node {
  return (tokens[0] as TagToken).element as unknown as Node
}

/** Of those that were not parsed. */
function kinOf({ model, count, parsed, bounds }: KinToken, kin: ReadonlyMap<object, KinToken>, source: string): string {
  const { gaps, tokens } = model
  const width = gaps.length * 2
  let done = tokens.at(-1)!.to
  let shown = ''
  for (let nth = parsed; nth < count; nth++) {
    const first = nth * width
    const begin = bounds[first]! - (gaps[0]!.from - tokens[0]!.from)
    if (begin > done) shown += JSON.stringify(saidIn(source.slice(done, begin)))
    done = bounds[first + width - 1]! + tokens.at(-1)!.to - gaps.at(-1)!.to
    const said: Said = (element, attribute) => {
      const at = gaps.findIndex(gap => gap.element === element && gap.attribute === attribute)
      const written = source.slice(bounds[first + at * 2], bounds[first + at * 2 + 1])
      return at < 0 ? undefined : attribute === null ? saidIn(written) : valueIn(written)
    }
    shown += treeOf(rootOf(model), kin, source, said)
  }
  return shown
}

const names = {
  mayName: (text: string) => /姓名|手机|备注|民族|电话|[:：*]\s*$/.test(text),
  mayBePath: (name: string) => /xm|tel|idCard/.test(name),
}

test('of elements that are read together the parser would make what it made of the one ahead of them', () => {
  let together = 0
  fc.assert(
    fc.property(pages, ([before, groups]) => {
      const source = before + groups.map(one => writtenGroup(one, false)).join('')
      const page = atOnce(parsePage(source, names))
      const kin = page.tokens.filter(token => token.kind === 'kin')
      together += kin.length
      const rows = new Map<object, KinToken>(kin.map(token => [rootOf(token.model), token]))
      assert.equal(
        treeOf(page.document as unknown as Node, rows, source),
        treeOf(parse(source, { scriptingEnabled: false }) as unknown as Node, new Map(), ''),
      )
    }),
    { numRuns: 2000 },
  )
  assert.ok(together > 300, `${together}`)
})

const plans: readonly Plan[] = [people, { ...people, unlisted: 'remove' }]

/** What leaves, with tags as they are when nothing is between their names and ends; what is counted, and the fault, if there is one. */
function read(plan: Plan, page: string): unknown {
  const masker = masking.start(plan, html, scope, limits)
  try {
    const bytes = Buffer.concat([...masker.write(Buffer.from(page)), ...masker.end()])
    return { text: bytes.toString().replace(/ +(?=>)/g, ''), tally: tallyOf(masker) }
  } catch (error) {
    return faultOf(error)
  }
}

test('elements leave alike, read together and one by one', () => {
  fc.assert(
    fc.property(pages, fc.constantFrom(...plans), ([before, groups], plan) => {
      const page = (isApart: boolean) => before + groups.map(one => writtenGroup(one, isApart)).join('')
      assert.deepEqual(read(plan, page(false)), read(plan, page(true)))
    }),
    { numRuns: 1000 },
  )
})

const column = fc.constantFrom('姓名', '身份证号', '手机号', '备注', '民族', '院系', '院系', '')
const calm = fc.constantFrom('张三丰', '李四光', id, tel, '计算机系', '92.5', '10:20', '3', 'user', '')
const spelt = fc.oneof(
  { weight: 12, arbitrary: calm },
  { weight: 2, arbitrary: value },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('&nbsp;', '\u3000', '\r\n ', '：', '"', '\\', '&quot;'), calm)
      .map(one => one.join('')),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(calm, fc.constantFrom(' ', '\n', '&nbsp;', ' &amp; ', ';'), calm).map(one => one.join('')),
  },
)
const table = fc.array(column, { minLength: 1, maxLength: 6 }).chain(columns =>
  fc.record({
    columns: fc.constant(columns),
    rows: fc.array(fc.array(spelt, { minLength: columns.length, maxLength: columns.length }), {
      minLength: 2,
      maxLength: 30,
    }),
    attributes: fc.constantFrom('', '', ' class="odd"', ' class="§"', ' title="§"'),
    inner: fc.constantFrom('', '', '', 'span', 'p'),
  }),
)

test('rows of cells under headers leave alike, read together and one by one', () => {
  fc.assert(
    fc.property(table, fc.constantFrom(...plans), ({ columns, rows, attributes, inner }, plan) => {
      const cell = (one: string) => `<td>${inner === '' ? one : `<${inner}>${one}</${inner}>`}</td>`
      const page = (isApart: boolean) => {
        const written = rows.map((row, at) => {
          const own = attributes.replace('§', at % 3 === 2 ? (row[0] ?? '').replace(/[<"]/g, '') : `${at % 2}`)
          return `<tr${own}${isApart ? ' '.repeat(at + 1) : ''}>${row.map(cell).join('')}</tr>`
        })
        return `<table><tr>${columns.map(one => `<th>${one}</th>`).join('')}</tr>${written.join('\n')}</table>`
      }
      assert.deepEqual(read(plan, page(false)), read(plan, page(true)))
    }),
    { numRuns: 1000 },
  )
})
