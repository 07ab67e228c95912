import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Form } from '../../gateway/contracts.ts'
import { BatchCmac } from '../../gateway/records/blind-index/batch-cmac.ts'
import { blindIndex } from '../../gateway/records/blind-index/blind-index.ts'
import { type KnownPerson, mostAlso, type PersonalValue, personText } from '../../gateway/subject.ts'
import { indexByNoble } from '../support/index-by-noble.ts'
import { inRuns } from '../support/runs.ts'

const key = Buffer.alloc(32, 7)
const plainly = (type: string, value: string, under: Uint8Array = key) => indexByNoble(under, type, value).slice(0, 8)

function batchUnder(one: Uint8Array): BatchCmac {
  const batch = new BatchCmac()
  batch.rekey(one)
  return batch
}

function taken(batch: BatchCmac): string[] {
  return batch.take().match(/.{8}/g) ?? []
}

test('messages of every length beside each other get what another implementation makes of each', () => {
  const batch = batchUnder(key)
  for (let length = 0; length <= 256; length++) {
    const values = [length, 256 - length, 0, (length * 7) % 257, length].map(count => 'x'.repeat(count))
    for (const value of values) assert.ok(batch.add('t', value))
    assert.deepEqual(
      taken(batch),
      values.map(value => plainly('t', value)),
    )
  }
  assert.deepEqual(taken(batch), [])
})

test('however few or many are added, under whatever key, each gets what another implementation makes of it', () => {
  const batch = new BatchCmac()
  const some = fc.array(fc.string({ unit: 'binary', maxLength: 60 }), { maxLength: 40 })
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.array(some, { maxLength: 4 }), (one, bodies) => {
      batch.rekey(one)
      for (const values of bodies) {
        for (const value of values) assert.ok(batch.add('cn_mobile', value))
        assert.equal(batch.take(), values.map(value => plainly('cn_mobile', value, one)).join(''))
      }
    }),
  )
})

test('another key takes the place of the one before, and of what was added under that nothing is left', () => {
  const batch = new BatchCmac()
  for (const byte of [0, 1, 0x80, 0xff]) {
    const one = Buffer.alloc(32, byte)
    batch.rekey(one)
    batch.add('cn_mobile', '13800138000')
    batch.add('cn_resident_id', '')
    assert.deepEqual(taken(batch), [plainly('cn_mobile', '13800138000', one), plainly('cn_resident_id', '', one)])
    batch.add('cn_mobile', '13800138000')
  }
  assert.throws(() => batch.rekey(Buffer.alloc(31)))
})

test('what was added and dropped is nowhere in what is added after it', () => {
  const batch = batchUnder(key)
  for (let nth = 0; nth < 3000; nth++) batch.add('t', `${nth}`)
  batch.follow('somewhere')
  assert.ok(batch.addMade('12345678'))
  batch.drop()
  batch.add('t', 'x')
  assert.equal(batch.take(), plainly('t', 'x'))
})

test('what stands in a hold is what it is as text, whatever is added beside it and however little room there is', () => {
  const bytes = Buffer.from(Array.from({ length: 1000 }, (_, nth) => `${nth}`).join(''))
  const others = Buffer.alloc(200, 'y')
  const batch = batchUnder(key)
  const made: string[] = []
  const expected: string[] = []
  for (let nth = 0; nth < 3000; nth++) {
    const [from, length] = [(nth * 7) % 2000, nth % 150]
    const type = nth % 3 === 0 ? 'cn_mobile' : 'e'.repeat(nth % 97)
    const hold = nth % 500 === 499 ? { bytes: others } : { bytes }
    const add = () => (nth % 5 === 0 ? batch.add('名', `${nth}`) : batch.addHeld(type, hold, from % 50, length))
    if (!add()) {
      made.push(...taken(batch))
      assert.ok(add())
    }
    const value = hold.bytes.subarray(from % 50, (from % 50) + length).toString()
    expected.push(nth % 5 === 0 ? plainly('名', `${nth}`) : plainly(type, value))
  }
  made.push(...taken(batch))
  assert.deepEqual(made, expected)
})

test('of a hold of any size what stands in it is taken in its order, and what is not there is not taken', () => {
  const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, nth) => `${nth}`.padStart(6, '0')).join(''))
  const hold = { bytes }
  const batch = batchUnder(key)
  const made: string[] = []
  const expected: string[] = []
  for (let from = 0; from < bytes.length; from += 613) {
    for (const at of [from, Math.max(0, from - 600)]) {
      if (at + 11 > bytes.length) continue
      assert.ok(batch.addHeld('t', hold, at, 11), `${at}`)
      expected.push(plainly('t', bytes.toString('latin1', at, at + 11)))
    }
    if (from % 10 === 0) made.push(...taken(batch))
  }
  made.push(...taken(batch))
  assert.deepEqual(made, expected)
  assert.ok(batch.addHeld('t', hold, bytes.length - 11, 11))
  assert.equal(batch.addHeld('t', hold, 0, 11), false)
  assert.equal(batch.addHeld('t', hold, bytes.length - 10, 11), false)
  assert.equal(batch.addHeld('t', { bytes: Buffer.alloc(0) }, 0, 1), false)
  assert.deepEqual(taken(batch), [plainly('t', bytes.toString('latin1', bytes.length - 11))])
})

test('what follows messages, or stands for one, is between them as it was given, and has its place among thousands', () => {
  const batch = batchUnder(key)
  const given = fc.oneof(
    fc.record({ value: fc.string({ unit: 'grapheme', maxLength: 90 }) }),
    fc.record({ made: fc.stringMatching(/^[a-z]{8}$/) }),
    fc.record({ value: fc.constantFrom('a', 'b'), text: fc.stringMatching(/^[ -~]{0,70}$/) }),
    fc.record({ made: fc.constant('12345678'), text: fc.constantFrom(',', '","partial=', ' '.repeat(1024)) }),
  )
  const lists = fc.array(given as fc.Arbitrary<{ value?: string; made?: string; text?: string }>, { maxLength: 300 })
  fc.assert(
    fc.property(lists, list => {
      const many = list.flatMap((one, nth) => [
        one,
        ...Array.from({ length: 5 }, (_, at) => ({ value: `${nth}${at}` })),
      ])
      let expected = ''
      for (const { value = '', made, text = '' } of many as typeof list) {
        if (made === undefined ? !batch.add('t', value) : !batch.addMade(made)) break
        if (text !== '') batch.follow(text)
        expected += (made ?? plainly('t', value)) + text
      }
      assert.equal(batch.take(), expected)
    }),
    { numRuns: 60 },
  )
})

test('there is room for many types and many texts, one behind the other, but not for values without end', () => {
  const batch = batchUnder(key)
  let expected = ''
  for (let nth = 0; nth < 3000; nth++) {
    const type = `类型${nth % 1100}`
    assert.ok(batch.add(type, 'x'))
    if (nth % 3 === 0) batch.follow(`:${nth}`)
    expected += plainly(type, 'x') + (nth % 3 === 0 ? `:${nth}` : '')
  }
  assert.equal(batch.take(), expected)
  assert.ok(batch.add('t'.repeat(5000), 'x'))
  assert.equal(batch.take(), plainly('t'.repeat(5000), 'x'))
  for (const long of ['x'.repeat(257), '一'.repeat(257)]) assert.equal(batch.add('t', long), false)
  const hold = { bytes: Buffer.alloc(5000, 'x') }
  for (let nth = 0; nth < 2; nth++) {
    assert.equal(batch.addHeld('t', hold, 1000, 257), false)
    assert.ok(batch.addHeld('t', hold, 1000, 256))
  }
  assert.ok(batch.add('t', '一'.repeat(256)))
  assert.equal(batch.take(), plainly('t', 'x'.repeat(256)).repeat(2) + plainly('t', '一'.repeat(256)))
})

test('a batch says when it is full, and what it held before is done', () => {
  const batch = batchUnder(key)
  let added = 0
  while (batch.add('t', String(added))) added++
  assert.equal(taken(batch).length, added)
  assert.ok(batch.add('t', 'again'))
  assert.deepEqual(taken(batch), [plainly('t', 'again')])
})

test('nothing of the messages or the key stays in the memory of the compiled code', t => {
  const { Instance } = WebAssembly
  let memory = Buffer.alloc(0)
  t.mock.method(WebAssembly, 'Instance', function made(module: WebAssembly.Module) {
    const instance = new Instance(module)
    memory = Buffer.from((instance.exports as { memory: WebAssembly.Memory }).memory.buffer)
    return instance
  })
  // all but keys in use, states behind types, texts, characters and constants: the key itself and blocks at work; values, lists, holds
  const cleared = [
    [0x410, 0x680],
    [0x24000, 0x2c000],
    [0x2e000, memory.length],
  ] as const
  const secret = Buffer.from('a key that nobody has to see....')
  const batch = batchUnder(secret)
  for (const lengths of [[3], [64, 1, 200], [15, 16, 17, 31, 32, 33, 0], Array.from({ length: 600 }, (_, n) => n)]) {
    let whole = true
    for (const length of lengths) whole = batch.add('cn_mobile', '一3800138'.repeat(length).slice(0, length)) && whole
    if (lengths.length < 10) assert.ok(memory.includes('一38'))
    batch.addHeld('bank_card', { bytes: Buffer.from('6222 3800138') }, 0, 12)
    taken(batch)
    for (const text of ['3800138', '一', secret]) assert.ok(!memory.includes(text), `${text}`)
    for (const [from, to] of cleared) assert.ok(memory.subarray(from, to).every(byte => byte === 0))
  }
})

test('the people of a large body are each named as they are alone', () => {
  const index = blindIndex({ secret: () => new Uint8Array(key) }, { timezone: 'Asia/Shanghai' })
  const form = fc.constantFrom('clear', 'partial', 'token', 'remove') as fc.Arbitrary<Form>
  const value = fc.record({
    dataType: fc.constantFrom('cn_resident_id', 'email', 't'),
    value: fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ minLength: 900, maxLength: 1500 })),
    mostVisible: form,
    strictest: form,
  })
  const people = fc.array(fc.tuple(value, fc.array(value, { maxLength: mostAlso })), { maxLength: 200 })
  const textOf = (one: KnownPerson) => {
    const indexes = [one, ...one.also].map(({ dataType, value }) => plainly(dataType, value))
    return personText(indexes.join(''), one, one.also)
  }
  const alike = { dataType: 't', mostVisible: 'partial', strictest: 'partial', also: [] } as const
  fc.assert(
    fc.property(people, list => {
      const some = list.map(([one, also]) => ({ ...one, also }))
      const many: KnownPerson[] = [...some, ...some]
      for (let at = 0; at < 1500; at++) many.push({ ...alike, value: `${at}` })
      assert.deepEqual(index.people(many).toJSON(), inRuns(many.map(textOf)))
      const hold = {
        bytes: Buffer.from(list.flatMap(([one, also]) => [one, ...also].map(({ value }) => value)).join('')),
      }
      let from = 0
      const heldAs = (one: PersonalValue, nth: number): PersonalValue => {
        const length = Buffer.byteLength(one.value)
        from += length
        return { ...one, held: { hold: nth % 4 === 3 ? null : hold, from: from - length, length } }
      }
      const held = some.map((one, nth) => ({ ...heldAs(one, nth), also: one.also.map(also => heldAs(also, nth)) }))
      assert.deepEqual(index.people([...held, ...many]).toJSON(), inRuns([...some, ...many].map(textOf)))
    }),
    { numRuns: 8 },
  )
  assert.deepEqual(index.people([]).toJSON(), [])
})

test('where the compiled code cannot run, people are named the same', t => {
  const people = Array.from({ length: 900 }, (_, nth): KnownPerson => {
    const shown = { dataType: 'email', value: `${nth}`, mostVisible: 'clear', strictest: 'token' } as const
    return { ...shown, dataType: 't', also: nth % 2 === 0 ? [] : [{ ...shown, mostVisible: 'token' }] }
  })
  const make = () => blindIndex({ secret: () => new Uint8Array(key) }, { timezone: 'Asia/Shanghai' })
  const named = make().people(people)
  t.mock.method(WebAssembly, 'Instance', () => {
    throw new Error('no vector instructions')
  })
  assert.deepEqual(make().people(people).toJSON(), named.toJSON())
  assert.equal(make().people(people).json, named.json)
})
