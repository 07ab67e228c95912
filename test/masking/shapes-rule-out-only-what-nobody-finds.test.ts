import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { shipped } from '../../bench/accuracy/run.ts'
import { shippedPlan } from '../../bench/mask/shipped.ts'
import { labelled } from '../../plugins/detectors/labelled.ts'
import { endOfText } from '../../plugins/formats/json/fast/expression.ts'
import { tablesOf } from '../../plugins/formats/json/fast/in-a-row.ts'
import {
  automatonOf,
  endsInX,
  groupOf,
  groupsOf,
  leastNumber,
  mayTrigger,
  momentKinds,
  mostNumber,
  rowsIn,
  sizeOf,
  writeAutomaton,
} from '../../plugins/formats/json/fast/shapes.ts'
import { testKeys } from '../contract/key-ring.ts'
import { chanceFrom } from '../support/made-up/chance.ts'
import { harmlessText, kinds, textWith } from '../support/made-up/texts.ts'
import { maskBody } from '../support/mask-body.ts'

const { plan } = shipped()
const shaped = plan.detectors.map(({ detector }) => detector.triggers).filter(({ shape }) => shape !== undefined)
const seed = 20_261_122

/** Both readers mask it alike: `maskBody` asks both, of which one looks at shapes first. */
function agreed(texts: readonly string[]): string {
  return maskBody(
    plan,
    JSON.stringify(texts.map((text, at) => ({ [at % 2 === 0 ? 'v' : 'cardNo']: text }))),
  ).bytes.toString()
}

test('both readers find the same in made-up texts of every type', () => {
  const chance = chanceFrom(seed)
  const types = Object.keys(kinds)
  for (let round = 0; round < 12; round++) {
    agreed(types.flatMap(type => [textWith(type, chance).text, harmlessText(chance)]))
  }
})

test('both readers find the same in texts put together of what detectors care about', () => {
  const part = fc.constantFrom(
    ...['学生来电咨询奖学金发放', '请联系', '王建国', '老师', '李佳慧', '，', '。', '：', '、', '收件人', '住在'],
    ...[
      '浙江省杭州市',
      '文三路',
      '138号',
      '2幢',
      '三单元',
      '〇',
      '（',
      '）',
      '“',
      '”',
      '…',
      '\u3000',
      '\u00a0',
      '\u200b',
      '𠮷',
      'é',
    ],
    ...[
      '护照号',
      '微信号',
      '密码',
      'E12345678',
      '13800138000',
      '138 0013 8000',
      '11010519491231002X',
      '京A12345',
      '2026-11-22',
    ],
    ...[
      'T08:22:11.123Z',
      '10.0.0.1',
      'fe80::1:2:3',
      '6222020200112345679',
      'a@b.cn',
      '＠',
      '１３８',
      '\n',
      '\\',
      '"',
      '[',
      '%41',
      ' ',
    ],
  )
  const text = fc.array(part, { maxLength: 12 }).map(parts => parts.join(''))
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 8 }), texts => {
      agreed(texts)
    }),
    { numRuns: 400 },
  )
})

test('both readers find the same in digits alone, of every length and beginning', () => {
  const chance = chanceFrom(seed)
  const number = (length: number, start: number) =>
    String(start).padStart(2, '0') + Array.from({ length: length - 2 }, () => chance.below(10)).join('')
  for (let length = 2; length <= 24; length++) agreed(Array.from({ length: 100 }, (_, start) => number(length, start)))
})

test('policies that change often leave room for the next one', () => {
  for (let change = 0; change < 12; change++) {
    const labels = Array.from({ length: 150 }, (_, at) =>
      String.fromCharCode(0x4e00 + change * 600 + at * 4, 0x6000 + at),
    )
    const type = labelled.create({ after: labels, value: 'code' }, testKeys)
    const more = {
      ...plan,
      detectors: [...plan.detectors.slice(0, 8), { type: plan.detectors[0]!.type, detector: type }],
    }
    const body = JSON.stringify({ v: `${labels[change]}：E12345678，请联系王建国老师`, w: '没有什么可看的' })
    const { bytes } = maskBody(more, body)
    assert.ok(!bytes.includes('E12345678') && bytes.includes('没有什么可看的'))
  }
})

test('of digits alone their length and beginning rule nothing out that a shape matches', () => {
  for (const { shape } of shaped) {
    const { numbers } = automatonOf([shape!.source])!
    fc.assert(
      fc.property(
        fc.integer({ min: leastNumber, max: mostNumber }),
        fc.bigInt({ min: 0n, max: 10n ** 20n - 1n }),
        (length, any) => {
          const digits = String(any)
            .padStart(20, '0')
            .slice(20 - length)
          const kind = (length - leastNumber) * 100 + Number(digits.slice(0, 2))
          assert.ok(!shape!.test(digits) || numbers[kind] === 1, `${shape} ${digits}`)
        },
      ),
      { numRuns: 300 },
    )
  }
})

const digit = fc.integer({ min: 0, max: 9 })

test('of an ID number that ends with an X its beginning rules nothing out that a shape matches', () => {
  for (const { shape } of shaped) {
    const { numbers } = automatonOf([shape!.source])!
    fc.assert(
      fc.property(fc.array(digit, { minLength: 17, maxLength: 17 }), some => {
        const text = `${some.join('')}X`
        assert.ok(!shape!.test(text) || numbers[endsInX * 100 + Number(text.slice(0, 2))] === 1, `${shape} ${text}`)
      }),
      { numRuns: 300 },
    )
  }
})

test('both readers find the same in ID numbers that end with an X, and in what is nearly one', () => {
  const id = (start: number, end: string) => `${String(start).padStart(2, '0')}010519491231002${end}`
  agreed(Array.from({ length: 100 }, (_, start) => ['X', 'x', 'Y', '0'].map(end => id(start, end))).flat())
  const { bytes } = maskBody(plan, JSON.stringify({ v: '11010519491231002X' }))
  assert.ok(!bytes.includes('11010519491231002X'))
})

const moment = fc
  .tuple(fc.nat({ max: momentKinds.length - 1 }), fc.array(digit, { minLength: 20, maxLength: 20 }))
  .map(([kind, digits]) => ({ kind, text: momentKinds[kind]!.replace(/0/g, () => String(digits.pop() ?? 0)) }))

test('of moments how they are written rules nothing out that a shape matches', () => {
  for (const { shape } of shaped) {
    const { moments } = automatonOf([shape!.source])!
    fc.assert(
      fc.property(moment, ({ kind, text }) => {
        assert.ok(!shape!.test(text) || moments[kind] === 1, `${shape} ${text}`)
      }),
      { numRuns: 300 },
    )
  }
})

test('no detector of the shipped policy asks for a moment without a zone, which most columns of time are', () => {
  for (const group of [...groupsOf(shaped), ...shaped.map(one => groupOf([one]))]) {
    const { moments } = automatonOf(group.members.map(({ shape }) => shape!.source))!
    for (const [kind, moment] of momentKinds.entries())
      if (!moment.includes('+'))
        assert.ok(moments[kind] === 0 || !mayTrigger(group, kind), `${moment} ${group.members[0]!.shape}`)
  }
})

test('both readers find the same in moments, and in what is nearly one', () => {
  const nearly = fc
    .tuple(
      moment,
      fc.nat({ max: 28 }),
      fc.constantFrom('', '-', ':', '+', ' ', '0', 'T', 'Z', '1', '@', '王', '\n', '０'),
    )
    .map(([{ text }, at, instead]) => text.slice(0, at) + instead + text.slice(at + 1))
  const texts = fc.array(
    fc.oneof(
      moment.map(({ text }) => text),
      nearly,
    ),
    { minLength: 1, maxLength: 24 },
  )
  fc.assert(
    fc.property(texts, some => {
      agreed(some)
    }),
    { numRuns: 200 },
  )
})

test('both readers find the same in a few characters of Han', () => {
  const han = fc.constantFrom(...'王李欧阳诸葛建国佳慧晓琴同学老师区路街号零一二三〇省市镇乡栋元年的们䶵一龥鿿')
  const few = fc.array(han, { minLength: 1, maxLength: 7 }).map(some => some.join(''))
  fc.assert(
    fc.property(fc.array(few, { minLength: 8, maxLength: 40 }), some => {
      agreed(some)
    }),
    { numRuns: 200 },
  )
})

test('a name alone is found in a few characters, and a number said in more', () => {
  const masks = (value: string) => !maskBody(plan, JSON.stringify({ v: value })).bytes.includes(value)
  for (const value of ['王建国', '张伟老师', '一三八零零一三八零零零']) assert.ok(masks(value), value)
  for (const value of ['教务处', '计算机学院', '2026-11-22T09:40:00Z']) assert.ok(!masks(value), value)
})

test('a number said in words is found where a name is shown, wherever it stands', () => {
  const staff = shippedPlan(testKeys)
  const said = [
    '一三八零零一三八零零零',
    '幺三八 〇〇幺三 八〇〇〇',
    '壹叁捌零零壹叁捌零零零',
    // Three in a row stand there once.
    '一-三 八-二-零-一五八-二 零-一',
  ]
  const around = fc.string({ unit: fc.constantFrom(...'张王建国文元里丁当啷12 -a\n"\\'), maxLength: 30 })
  const others = fc.constantFrom('', '', '', '，', '\u3000', '１', 'é', '𠀀')
  fc.assert(
    fc.property(around, fc.constantFrom(...said), others, around, (ahead, number, other, behind) => {
      const shown = maskBody(staff, JSON.stringify({ name: `${ahead}号${number}号${other}${behind}` })).bytes.toString()
      assert.ok(!shown.includes(number), shown)
    }),
    { numRuns: 1500 },
  )
})

test('of numbers in words it is known by three characters in a row that there may be one, of other words it is not', () => {
  const known = shaped
    .map(({ shape }) => automatonOf([shape!.source])!)
    .filter(automaton => tablesOf(automaton) !== null)
  assert.equal(known.length, 1)
  for (const shape of ['[一二]{2}', '[一二]{3}|[甲乙]$', 'a[一二]{3}', '[一-龥]{3}', '^[一二]{3}'])
    assert.equal(tablesOf(automatonOf([shape])!), null, shape)
  for (const shape of ['[一二]{3}', '一二三$', '[一二三]{3,5}：'])
    assert.notEqual(tablesOf(automatonOf([shape])!), null, shape)
})

test('digits are in a row where no character of Han stands between, whatever does', () => {
  const parts = fc.string({ unit: fc.constantFrom(...'0123456789 -./_字号，abé１'), minLength: 1, maxLength: 60 })
  fc.assert(
    fc.property(
      parts,
      fc.constantFrom('13800138000', '138 0013 8000', '1-3-8-0-0-1-3-8-0-0-0'),
      parts,
      (a, number, b) => {
        agreed([`${a}${number}${b}`, `${a}字${number}号${b}`])
      },
    ),
    { numRuns: 600 },
  )
})

test('an automaton for several detectors together says what one of their shapes says', () => {
  const groups = groupsOf(shaped)
  assert.equal(groups.length, 2)
  for (const { members } of groups) {
    const sources = members.map(({ shape }) => shape!.source)
    const automaton = automatonOf(sources)!
    const memory = Buffer.alloc(sizeOf(automaton) + 16)
    writeAutomaton(automaton, memory, 16)
    const matches = (text: string) => {
      let state = 16 + rowsIn
      for (const unit of [...text.split('').map(one => one.charCodeAt(0)), endOfText]) {
        state = memory.readUInt32LE(state + memory[24 + unit]! * 4)
      }
      return state === memory.readUInt32LE(16)
    }
    const chance = chanceFrom(seed)
    let matched = 0
    for (const type of Object.keys(kinds)) {
      for (let round = 0; round < 60; round++) {
        const text = round % 3 === 0 ? harmlessText(chance) : textWith(type, chance).text
        // Of other characters shapes do not speak: they may be anything.
        const isSpokenOf = !/[^\u0000-\u007f\u3001-\u9fff！（），：；？“”‘’…]/.test(text)
        const expected = !isSpokenOf || sources.some(source => new RegExp(source).test(text))
        assert.equal(matches(text), expected, text)
        if (expected && isSpokenOf) matched++
      }
    }
    assert.ok(matched > 50, `${matched} matched`)
  }
})

test('what is said of every number with certain first digits is so of each', () => {
  const kindsOf = (source: string) => {
    const { surely, numbers } = automatonOf([source])!
    const chance = chanceFrom(seed)
    const drawn = (length: number) => chance.digits(length)
    for (const [at, is] of surely.entries()) {
      const kind = Math.floor(at / 100)
      const start = String(at % 100).padStart(2, '0')
      const number = kind === endsInX ? `${start}${drawn(15)}X` : start + drawn(kind + leastNumber - 2)
      if (is === 1) assert.match(number, new RegExp(source))
      if (numbers[at] === 0) assert.doesNotMatch(number, new RegExp(source))
    }
    return [...surely.keys()].filter(at => surely[at] === 1)
  }
  const all = (kind: number) => Array.from({ length: 100 }, (_, start) => kind * 100 + start)
  assert.deepEqual(
    kindsOf('^1[3-9]\\d{9}$'),
    [13, 14, 15, 16, 17, 18, 19].map(start => 300 + start),
  )
  assert.deepEqual(kindsOf('^\\d{17}[\\dX]$'), [...all(10), ...all(endsInX)])
  assert.deepEqual(kindsOf('^\\d{13,19}$'), [5, 6, 7, 8, 9, 10, 11].flatMap(all))
  assert.deepEqual(kindsOf('^\\d{9}[0-8]$'), [])
  assert.deepEqual(kindsOf('^[a-z0-9]{8}$'), all(0))
})
