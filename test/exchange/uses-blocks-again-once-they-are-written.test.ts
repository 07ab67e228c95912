import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Blocks, giveBack } from '../../gateway/exchange/blocks.ts'

const block = 256 * 1024

function filled(byte: number, size = block): Buffer[] {
  const blocks = new Blocks()
  blocks.add(Buffer.alloc(size, byte))
  return blocks.take()
}

test('what was added comes out, in order, however large the pieces were', () => {
  const bytes = Buffer.from(Array.from({ length: 700_001 }, (_, at) => at % 251))
  const blocks = new Blocks()
  for (let at = 0, size = 1; at < bytes.length; at += size, size = (size * 7) % 99_991) {
    blocks.add(bytes.subarray(at, at + size))
  }
  assert.ok(Buffer.concat(blocks.take()).equals(bytes))
  assert.deepEqual(blocks.take(), [])
})

test('a block is written to again only once it was given back', () => {
  const [first] = filled(1)
  const [second] = filled(2)
  assert.notEqual(first!.buffer, second!.buffer)
  assert.ok(first!.every(byte => byte === 1))
  giveBack(first!)
  assert.equal(filled(3)[0]!.buffer, first!.buffer)
})

test('a block that is given back twice is lent once', () => {
  const [piece] = filled(1)
  giveBack(piece!)
  giveBack(piece!)
  assert.notEqual(filled(2)[0]!.buffer, filled(3)[0]!.buffer)
})

test('what is no block is not taken, be it as large as one', () => {
  const other = Buffer.allocUnsafeSlow(block)
  giveBack(other)
  const lent = Array.from({ length: 40 }, () => filled(1)[0]!.buffer)
  assert.ok(!lent.includes(other.buffer))
})
