import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Blocks, giveBack, isLent, ownCopy, wholeOf } from '../../gateway/exchange/response/blocks.ts'

/** More than stays loose, and less than a block. */
const block = 200 * 1024

function filled(byte: number, size = block): Uint8Array[] {
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

test('what is made in place and what is copied come out as they were added, beside answers that are written meanwhile', () => {
  const size = fc.oneof(fc.integer({ min: 0, max: 40_000 }), fc.constantFrom(100_000, 140_000, 300_000))
  const made = fc.record({ size, room: fc.boolean(), used: fc.constantFrom('all', 'some', 'none' as const) })
  const step = fc.record({ answer: fc.nat(3), pieces: fc.array(made, { maxLength: 4 }), take: fc.boolean() })
  let byte = 0
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), steps => {
      const answers = Array.from({ length: 4 }, () => ({ blocks: new Blocks(), expected: [] as Uint8Array[] }))
      const taken: { pieces: Uint8Array[]; expected: Buffer }[] = []
      for (const { answer, pieces, take } of steps) {
        const { blocks, expected } = answers[answer]!
        // as a reader does: all pieces of one call are made before the first is added
        const out = pieces.map(({ size, room, used }) => {
          const piece = room ? blocks.room(size) : Buffer.allocUnsafeSlow(size)
          piece.fill(++byte % 256)
          return used === 'all' ? piece : piece.subarray(0, used === 'none' ? 0 : size >> 1)
        })
        for (const piece of out) {
          if (piece.length === 0) continue
          expected.push(Uint8Array.from(piece))
          blocks.add(piece)
        }
        if (!take) continue
        taken.push({ pieces: blocks.take(), expected: Buffer.concat(expected.splice(0)) })
        if (taken.length < 3) continue
        const written = taken.shift()!
        assert.ok(Buffer.concat(written.pieces).equals(written.expected))
        for (const piece of written.pieces) giveBack(piece)
      }
      for (const { blocks, expected } of answers)
        assert.ok(Buffer.concat(blocks.take()).equals(Buffer.concat(expected)))
      for (const { pieces, expected } of taken) assert.ok(Buffer.concat(pieces).equals(expected))
    }),
    { numRuns: 200 },
  )
})

test('what a reader writes in place is not copied', () => {
  const blocks = new Blocks()
  const [one, other] = [blocks.room(60_000).fill(1), blocks.room(40_000).fill(2)]
  for (const piece of [one, other]) blocks.add(piece)
  const whole = wholeOf(blocks.take())
  assert.equal(whole.buffer, one.buffer)
  assert.ok(isLent(whole))
  const kept = ownCopy(whole)
  assert.ok(!isLent(whole))
  filled(3)
  assert.ok(kept.equals(Buffer.concat([Buffer.alloc(60_000, 1), Buffer.alloc(40_000, 2)])))
})
