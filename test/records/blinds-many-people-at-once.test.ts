import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { BatchHmac } from '../../gateway/records/batch-hmac.ts'
import { blindIndex } from '../../gateway/records/blind-index.ts'

const key = Buffer.alloc(32, 7)
const plainly = (type: string, value: string, under: Uint8Array = key) =>
  createHmac('sha256', under).update(`${type}\0${value}`).digest('base64url').slice(0, 22)

function batchUnder(one: Uint8Array): BatchHmac {
  const batch = new BatchHmac()
  batch.rekey(one)
  return batch
}

function taken(batch: BatchHmac): string[] {
  return batch.take(22).match(/.{22}/g) ?? []
}

test('Messages of every length beside each other get what node:crypto makes of each', () => {
  const batch = batchUnder(key)
  for (let length = 0; length < 300; length++) {
    const values = [length, 299 - length, 0, (length * 7) % 300, length].map(count => 'x'.repeat(count))
    for (const value of values) assert.ok(batch.add('t', value))
    assert.deepEqual(
      taken(batch),
      values.map(value => plainly('t', value)),
    )
  }
  assert.deepEqual(taken(batch), [])
})

test('A key may have up to a block of bytes, and another takes its place', () => {
  const batch = new BatchHmac()
  for (const length of [0, 1, 31, 32, 63, 64]) {
    const one = Buffer.alloc(length, length)
    batch.rekey(one)
    batch.add('cn_mobile', '13800138000')
    assert.deepEqual(taken(batch), [plainly('cn_mobile', '13800138000', one)])
  }
  assert.throws(() => batch.rekey(Buffer.alloc(65)))
})

test('What stands in a hold is what it is as text, whatever is added beside it and however little room there is', () => {
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
  assert.equal(batch.addHeld('t', { bytes: Buffer.alloc(0x20001) }, 0, 1), false)
})

test('Of each as many characters are given as are asked for', () => {
  const batch = batchUnder(key)
  const values = Array.from({ length: 9 }, (_, nth) => `${nth}`)
  for (const characters of [1, 8, 21]) {
    for (const value of values) batch.add('t', value)
    assert.equal(batch.take(characters), values.map(value => plainly('t', value).slice(0, characters)).join(''))
  }
})

test('A batch says when it is full, and what it held before is done', () => {
  const batch = batchUnder(key)
  let added = 0
  while (batch.add('t', String(added))) added++
  assert.equal(taken(batch).length, added)
  assert.ok(batch.add('t', 'again'))
  assert.deepEqual(taken(batch), [plainly('t', 'again')])
})

test('Nothing of the messages or the key stays in the memory of the compiled code', t => {
  const { Instance } = WebAssembly
  let memory = Buffer.alloc(0)
  t.mock.method(WebAssembly, 'Instance', function made(module: WebAssembly.Module) {
    const instance = new Instance(module)
    memory = Buffer.from((instance.exports as { memory: WebAssembly.Memory }).memory.buffer)
    return instance
  })
  const secret = Buffer.from('a key that nobody has to see.....')
  const batch = batchUnder(secret)
  for (const lengths of [[3], [64, 1, 200], [119, 120, 55, 56, 63, 64, 0], Array.from({ length: 600 }, (_, n) => n)]) {
    let whole = true
    for (const length of lengths) whole = batch.add('cn_mobile', '一3800138'.repeat(length).slice(0, length)) && whole
    if (lengths.length < 10) assert.ok(memory.includes('cn_mobile'))
    batch.addHeld('bank_card', { bytes: Buffer.from('6222 3800138') }, 0, 12)
    taken(batch)
    for (const text of ['cn_mobile', 'bank_card', '3800138', '一', secret]) assert.ok(!memory.includes(text), `${text}`)
    assert.ok(memory.subarray(0x10000).every(byte => byte === 0))
    const padded = (by: number) => Buffer.from(secret.map(byte => byte ^ by))
    for (const by of [0x36, 0x5c]) assert.ok(!memory.includes(padded(by)))
  }
})

test('The people of a large body are each what they are alone', () => {
  const index = blindIndex({ secret: () => new Uint8Array(key) }, { timezone: 'Asia/Shanghai' })
  const people = fc.array(
    fc.record({
      dataType: fc.constantFrom('cn_resident_id', 'email', 't'),
      value: fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ minLength: 900, maxLength: 1100 })),
    }),
    { maxLength: 200 },
  )
  fc.assert(
    fc.property(people, list => {
      const many = [...list, ...list, ...Array.from({ length: 1500 }, (_, at) => ({ dataType: 't', value: `${at}` }))]
      assert.equal(index.many(many), many.map(({ dataType, value }) => plainly(dataType, value).slice(0, 8)).join(''))
      const hold = { bytes: Buffer.from(list.map(({ value }) => value).join('')) }
      let from = 0
      const held = many.map((one, nth) => {
        if (nth >= list.length) return one
        const length = Buffer.byteLength(one.value)
        from += length
        return { ...one, held: { hold: nth % 4 === 3 ? null : hold, from: from - length, length } }
      })
      assert.equal(index.many(held), index.many(many))
    }),
    { numRuns: 20 },
  )
})
