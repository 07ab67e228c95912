import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { formOrder } from '../../gateway/forms.ts'
import { BatchCmac } from '../../gateway/records/blind-index/batch-cmac.ts'
import { blindIndex } from '../../gateway/records/blind-index/blind-index.ts'
import { bytesOfPerson, type KnownPerson, type People, personText, type ValueKind } from '../../gateway/subject.ts'
import { indexByNoble } from '../support/index-by-noble.ts'
import { inRuns } from '../support/runs.ts'

const key = Buffer.alloc(32, 7)
const plainly = (type: string, value: string) => indexByNoble(key, type, value).slice(0, 8)
const indexed = () => blindIndex({ secret: () => new Uint8Array(key) }, { timezone: 'Asia/Shanghai' })

/** Of each value of a person its kind, from 0, and its text; the strongest first. */
type Given = readonly (readonly [kind: number, value: string])[]

/** People as ranges; the persons that are made of them when somebody asks. */
function rangesOf(kinds: readonly ValueKind[], given: readonly Given[]): People {
  const known = new Map<string, number>()
  let texts = ''
  const bytes = Buffer.alloc(given.length * bytesOfPerson)
  for (const [nth, values] of given.entries())
    for (const [at, [kind, value]] of values.entries()) {
      if (!known.has(value)) {
        known.set(value, bytes.length + texts.length)
        texts += value
      }
      bytes.writeUInt32LE(((kind + 1) << 16) | value.length, nth * bytesOfPerson + at * 8)
      bytes.writeUInt32LE(known.get(value)!, nth * bytesOfPerson + at * 8 + 4)
    }
  const persons = given.map((values): KnownPerson => {
    const [first, ...also] = values.map(([kind, value]) => {
      const { dataType, form } = kinds[kind]!
      return { dataType, value, mostVisible: form, strictest: form }
    })
    return { ...first!, also }
  })
  const ranges = { count: given.length, bytes: Buffer.concat([bytes, Buffer.from(texts)]), kinds }
  return Object.assign(persons, { ranges })
}

const textOf = (one: KnownPerson) => {
  const indexes = [one, ...one.also].map(({ dataType, value }) => plainly(dataType, value))
  return personText(indexes.join(''), one, one.also)
}

test('people who come as ranges are named as they are by their values, however many there are of however many kinds', () => {
  const index = indexed()
  const kind = fc.record({
    dataType: fc.oneof(fc.constantFrom('cn_resident_id', 'email', '学号'), fc.string({ minLength: 1, maxLength: 90 })),
    form: fc.constantFrom(...formOrder),
  })
  const value = fc.stringMatching(/^[ -~]{1,256}$/)
  const body = fc.array(kind, { minLength: 1, maxLength: 255 }).chain(kinds => {
    const given = fc.tuple(fc.nat(kinds.length - 1), value)
    return fc.tuple(fc.constant(kinds), fc.array(fc.array(given, { minLength: 1, maxLength: 3 }), { maxLength: 60 }))
  })
  fc.assert(
    fc.property(body, fc.nat(40), ([kinds, given], times) => {
      const more = Array.from({ length: times * 60 }, (_, nth): Given => [[nth % kinds.length, `${nth}`]])
      const people = rangesOf(kinds, [...given, ...more])
      assert.deepEqual(index.people(people).toJSON(), inRuns(Array.from(people, textOf)))
    }),
    { numRuns: 60 },
  )
  assert.deepEqual(index.people(rangesOf([], [])).toJSON(), [])
})

test('there is room for as many and as long as a window of a long answer may have', () => {
  const kinds = [{ dataType: 't', form: 'clear' }] as const
  const people = rangesOf(
    kinds,
    Array.from({ length: 32_767 }, (_, nth): Given => [[0, `${nth}`.padStart(20, '0')]]),
  )
  assert.deepEqual(indexed().people(people).toJSON(), inRuns(Array.from(people, textOf)))
})

test('kinds that come later, or again after others, are those they are', () => {
  const index = indexed()
  const kinds: ValueKind[] = [{ dataType: 'a', form: 'clear' }]
  const others: ValueKind[] = [{ dataType: 'b', form: 'generalize' }]
  for (let nth = 0; nth < 3; nth++) {
    for (const people of [rangesOf(kinds, [[[nth, 'v']]]), rangesOf(others, [[[0, 'v']]])])
      assert.deepEqual(index.people(people).toJSON(), inRuns(Array.from(people, textOf)))
    kinds.push({ dataType: `a${nth}`, form: 'partial' })
  }
})

test('where the kinds have no room the people are named all the same', () => {
  const index = indexed()
  const long = { dataType: 't'.repeat(5000), form: 'clear' } as const
  const many = Array.from({ length: 300 }, (_, nth) => ({ dataType: `t${nth}`, form: 'clear' }) as const)
  const wide = Array.from({ length: 60 }, (_, nth) => ({ dataType: `${nth}`.padEnd(900), form: 'clear' }) as const)
  const high = { dataType: '一'.repeat(1000), form: 'clear' } as const
  for (const kinds of [[long], many, wide, [many[0]!, long], [high]]) {
    const people = rangesOf(kinds, [[[kinds.length - 1, 'v'.repeat(2048)]], [[0, 'w']]])
    assert.deepEqual(index.people(people).toJSON(), inRuns(Array.from(people, textOf)))
  }
})

test('a value that is not where it is said to be is no value', () => {
  const index = indexed()
  const kinds = [{ dataType: 't', form: 'clear' }] as const
  for (const [at, word] of [
    [0, (1 << 16) | 5000],
    [0, (1 << 16) | 4],
    [4, 27],
    [4, 0xffffffff],
    [0, (2 << 16) | 3],
    [0, 3],
  ] as const) {
    const people = rangesOf(kinds, [[[0, 'abc']]])
    new DataView(people.ranges!.bytes.buffer, people.ranges!.bytes.byteOffset).setUint32(at, word, true)
    assert.throws(() => index.people(people), /not where it is said to be/)
  }
  assert.deepEqual(index.people(rangesOf(kinds, [[[0, 'abc']]])).toJSON(), [`clear=${plainly('t', 'abc')}`])
})

test('nothing of people who came as ranges stays in the memory of the compiled code', t => {
  const { Instance } = WebAssembly
  let memory: WebAssembly.Memory | null = null
  t.mock.method(WebAssembly, 'Instance', function made(module: WebAssembly.Module) {
    const instance = new Instance(module)
    memory = (instance.exports as { memory: WebAssembly.Memory }).memory
    return instance
  })
  const batch = new BatchCmac()
  batch.rekey(key)
  const kinds = [{ dataType: 'cn_mobile', form: 'clear' }] as const
  for (const count of [1, 5, 40_000]) {
    const given = Array.from({ length: count }, (_, nth): Given => [[0, `1380013${`${nth}`.padStart(5, '0')}`]])
    assert.equal(batch.people(rangesOf(kinds, given).ranges!)!.length, Math.ceil(count / 768))
    assert.ok(!Buffer.from(memory!.buffer).includes('1380013'))
    assert.ok(!Buffer.from(memory!.buffer).includes('0013'))
  }
})
