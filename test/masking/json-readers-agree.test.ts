import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Mask } from '../../gateway/contracts.ts'
import { maskBody } from '../support/mask-body.ts'
import { mask, type PlanSketch, planOf } from '../support/plan.ts'

/** Names and values that plans and detectors care about, among others that nobody does. */
const names = [
  'a',
  'tel',
  'xm',
  'T_E-L',
  '身份证号',
  'gone',
  'list',
  '',
  'a name longer than sixteen',
  ...[13, 14, 15, 61, 62, 70].map(length => 'n'.repeat(length)),
  '13800138000',
  'q"',
]
const values = [
  ...[
    '',
    'a',
    '张三',
    '张三丰',
    '欧阳娜娜 ',
    '𠮷野家',
    '龥龦龥龦',
    '一丁-丂',
    'é',
    'A(b)c',
    '***',
    '*',
    'zhang.san@example.edu.cn',
  ],
  ...[
    '@',
    'a@',
    '@b',
    'x\\y@z',
    '13800138000',
    '138 0013 8000',
    '１３８００１３８０００',
    '11010519491231002X',
    '6222020200112345679',
  ],
  ...[
    '{"tel":"13800138000"}',
    ' [{"xm":"张三"}]\n',
    '[not json]',
    '[1',
    '\u3000{"a":1}\ufeff',
    '<xm>张三</xm>',
    '{"a":"{\\"tel\\":1}"}',
  ],
  ...[
    'line\nbreak',
    'a\\b',
    '\u0000',
    '\ud800',
    '😀😀😀',
    'x'.repeat(200),
    '地址'.repeat(40),
    '\u007f\u0080',
    'ends with "',
  ],
]

const scalar = fc.oneof(
  fc.constantFrom(...values),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom(0, -1, 13800138000, 1.38e10, -0.5e-7, 1e300, true, false, null),
)
const tree = fc.letrec(tie => ({
  value: fc.oneof({ maxDepth: 5 }, scalar, tie('object'), tie('array')),
  object: fc.array(fc.tuple(fc.constantFrom(...names), tie('value')), { maxLength: 5 }),
  array: fc.record({ elements: fc.array(tie('value'), { maxLength: 4 }) }),
})).value

const gap = fc.constantFrom('', '', '', ' ', '\n  ', '\r\n\t', ' '.repeat(40))

/** JSON text of a tree, with white space and escapes as they fall. */
const text: fc.Arbitrary<string> = fc
  .tuple(tree, fc.array(gap, { minLength: 1, maxLength: 7 }), fc.boolean())
  .map(([value, gaps, escaping]) => {
    let at = 0
    const space = () => gaps[at++ % gaps.length]!
    const string = (one: string) =>
      escaping && at++ % 3 === 0
        ? `"${[...one].map(c => (c < '\u0080' ? `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}` : c)).join('')}"`
        : JSON.stringify(one)
    const write = (one: unknown): string => {
      if (Array.isArray(one)) {
        return `{${one.map(([name, inner]) => `${space()}${string(name)}${space()}:${write(inner)}`).join(',')}${space()}}`
      }
      if (typeof one === 'object' && one !== null) {
        return `[${(one as { elements: unknown[] }).elements.map(write).join(',')}${space()}]`
      }
      return `${space()}${typeof one === 'string' ? string(one) : JSON.stringify(one)}${space()}`
    }
    return write(value)
  })

const forms: fc.Arbitrary<PlanSketch['types'][string]> = fc.oneof(
  fc.constantFrom(
    { form: 'redact' as const },
    { form: 'remove' as const },
    { form: 'clear' as const },
    { kind: 'free_text' as const },
  ),
  fc
    .record({
      head: fc.nat(4),
      tail: fc.nat(4),
      cover: fc.constantFrom('*', '●', 'x', '😀', '"'),
      until: fc.constantFrom(undefined, undefined, '@', '师'),
    })
    .map(options => ({ form: 'partial' as const, mask: mask('keep_ends', options) as Mask })),
  fc.constantFrom(
    { form: 'digest' as const, mask: mask('hmac') },
    { form: 'token' as const, mask: mask('token') },
    { form: 'generalize' as const, mask: mask('fixed', { text: '张三' }) },
    { form: 'generalize' as const, mask: mask('fixed', { text: '"\n\\' }) },
  ),
)
/** How surely each of three types says who a person is. */
const ranks = fc.tuple(...[1, 2, 3].map(() => fc.constantFrom(null, null, 1, 2)))
const plans = fc
  .record({
    types: fc.tuple(forms, forms, forms),
    detectors: fc.subarray(['cn_mobile', 'email', 'cn_resident_id', 'bank_card']),
    identifies: ranks,
    unlisted: fc.constantFrom('scan' as const, 'scan' as const, 'keep' as const, 'remove' as const),
    fields: fc.subarray(['a', 'tel', 'xm', 'list.xm', '/list', '$.list[1]', '$..a[0].tel', '身份证号', '$.*.tel']),
    weak: fc.subarray(['q"', '']),
  })
  .map(({ types, detectors, identifies, unlisted, fields, weak }) => {
    const bind = (paths: string[]) => Object.fromEntries(paths.map((path, at) => [path, `t${at % 3}`]))
    const found = Object.fromEntries(
      detectors.map(detector => [
        detector,
        { ...types[0], kind: 'typed' as const, detector, identifies: identifies[2]! },
      ]),
    )
    return planOf({
      fields: bind(fields),
      weak: bind(weak),
      unlisted,
      types: {
        ...Object.fromEntries(
          types.map((type, at) => [
            `t${at}`,
            { ...type, identifies: type.kind === 'free_text' ? null : identifies[at]! },
          ]),
        ),
        ...found,
      },
    })
  })

const cuts = fc.array(fc.nat(2000), { maxLength: 12 })
const within = (bytes: Uint8Array, places: readonly number[]) =>
  places.map(place => place % (bytes.length + 1)).sort((a, b) => a - b)

/** Well-formed or not, the readers have to agree: `maskBody` asks both. True where the body leaves. */
function agreed(...[plan, bytes, places, format]: Parameters<typeof maskBody>): boolean {
  try {
    maskBody(plan, bytes, places, format)
    return true
  } catch (error) {
    if (error instanceof assert.AssertionError || !(error instanceof Error && 'code' in error)) throw error
    return false
  }
}

test('the two readers of JSON agree on what is well-formed, however it is cut', () => {
  fc.assert(
    fc.property(plans, text, cuts, (plan, body, places) => {
      const bytes = Buffer.from(body)
      assert.ok(agreed(plan, bytes, within(bytes, places)))
    }),
    { numRuns: 2000 },
  )
})

test('the two readers of JSON agree on what is broken', () => {
  const wrong = fc.oneof(
    fc.constantFrom(...[...'{}[],:"\\\n\t\0 tfn0-.eE+u']).map(one => Buffer.from(one)),
    fc.constantFrom('\\u12', '\\x', '"\\', '\ud800"', '01', '1.', 'tru', '{"a"', '\u2028').map(one => Buffer.from(one)),
    fc.uint8Array({ minLength: 1, maxLength: 3 }).map(one => Buffer.from(one)),
  )
  const edits = fc.array(fc.tuple(fc.nat(2000), fc.nat(3), wrong), { minLength: 1, maxLength: 2 })
  fc.assert(
    fc.property(plans, text, edits, cuts, fc.constantFrom('json', 'ndjson'), (plan, body, changes, places, format) => {
      let bytes = Buffer.from(body)
      for (const [place, gone, put] of changes) {
        const at = place % (bytes.length + 1)
        bytes = Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + gone)])
      }
      agreed(plan, bytes, within(bytes, places), format)
    }),
    { numRuns: 4000 },
  )
})

test('the reader that looks at shapes passes over nothing that the other has read for detectors', () => {
  const part = fc.constantFrom(
    ...[
      '1',
      '3',
      '8',
      '0',
      '86',
      '0086',
      '+',
      '138',
      '0013',
      '8000',
      '13800138000',
      '110105',
      '1949',
      '12',
      '31',
      '002X',
    ],
    ...[
      '11010519491231002',
      '6222020200112345679',
      '4111',
      '378282246310005',
      ' ',
      '-',
      '\u2010',
      '\u3000',
      '\u200b',
      '.',
    ],
    ...['@', 'a', 'b.cn', 'xn--p1ai', '号', '，', '＠', '１３', '\n', '"', '\\', '/', 'E', 'x', '\u00b7', '〇', '𠮷'],
  )
  const texts = fc.array(
    fc.array(part, { maxLength: 7 }).map(parts => parts.join('')),
    { minLength: 1, maxLength: 12 },
  )
  const numbers = fc.array(fc.bigInt({ min: -(10n ** 19n), max: 10n ** 19n }), { maxLength: 4 })
  fc.assert(
    fc.property(plans, texts, numbers, (plan, read, digits) => {
      const rows = read.map((one, at) => `{"${names[at % 8]}":${JSON.stringify(one)}}`)
      assert.ok(agreed(plan, Buffer.from(`[${[...rows, ...digits, '13800138000', '1.3800138e10'].join()}]`), []))
    }),
    { numRuns: 3000 },
  )
})

test('the two readers of JSON agree on lines', () => {
  fc.assert(
    fc.property(
      plans,
      fc.array(text, { maxLength: 5 }),
      fc.constantFrom('\n', '\r\n', '\n\n', ' \n'),
      cuts,
      (plan, texts, end, places) => {
        const bytes = Buffer.from(texts.join(end))
        assert.ok(agreed(plan, bytes, within(bytes, places), 'ndjson'))
      },
    ),
    { numRuns: 500 },
  )
})

test('the two readers of JSON agree on long bodies of many rows', () => {
  fc.assert(
    fc.property(
      plans,
      fc.array(text, { minLength: 3, maxLength: 8 }),
      fc.array(fc.nat(400_000), { maxLength: 6 }),
      (plan, rows, places) => {
        const bytes = Buffer.from(
          `[${Array.from({ length: Math.ceil(300_000 / rows.join().length) }, () => rows.join()).join()}]`,
        )
        assert.ok(agreed(plan, bytes, within(bytes, places)))
      },
    ),
    { numRuns: 20 },
  )
})
