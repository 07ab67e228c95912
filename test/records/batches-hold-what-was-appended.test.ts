import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Batch } from '../../gateway/records/log/batch.ts'
import type { Receipt } from '../../gateway/records/log/log.ts'
import { Queue } from '../../gateway/records/log/queue.ts'

const text = fc.oneof(fc.string(), fc.string({ unit: 'grapheme' }), fc.integer({ min: 0, max: 90_000 }).map(wide))

function wide(length: number): string {
  return '记'.repeat(length)
}

test('a batch has the texts of its appends in UTF-8, however large, and when it is used again', () => {
  const batch = new Batch()
  fc.assert(
    fc.property(fc.array(text, { maxLength: 8 }), texts => {
      batch.empty()
      let bytes = 0
      for (const one of texts) bytes += batch.add(one, 2)
      assert.equal(bytes, batch.size)
      assert.equal(batch.entries, 2 * texts.length)
      assert.ok(batch.written.equals(Buffer.from(texts.map(one => one.toWellFormed()).join(''))))
    }),
    { numRuns: 60 },
  )
})

test('what is queued while a batch is written goes into another, and each append once, in order', () => {
  const step = fc.oneof(fc.integer({ min: 1, max: 400_000 }), fc.constant('write' as const))
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), steps => {
      const queue = new Queue()
      const added: string[] = []
      const written: string[] = []
      const settled: Receipt[] = []
      const writeOne = (): void => {
        if (queue.isEmpty) return
        const { written: bytes } = queue.take()
        const lines = bytes.toString()
        queue.add(`${added.push('later') - 1} later\n`, waiting(added.length - 1))
        assert.equal(bytes.toString(), lines)
        written.push(lines)
        for (const { receipts } of queue.settle()) settled.push(...receipts)
      }
      const waiting = (nth: number) => ({
        entries: 1,
        receipts: [{ log: 'gw1-0', seq: nth, id: `gw1-0:${nth}` }],
        resolve() {},
        reject() {},
      })
      for (const one of steps) {
        if (one === 'write') writeOne()
        else queue.add(`${added.push('x') - 1} ${'x'.repeat(one)}\n`, waiting(added.length - 1))
      }
      const left = queue.drop().flatMap(({ receipts }) => receipts)
      assert.deepEqual(
        [...settled, ...left].map(({ seq }) => seq),
        added.map((_, nth) => nth),
      )
      const numbers = written
        .join('')
        .split('\n')
        .filter(Boolean)
        .map(line => Number(line.split(' ')[0]))
      assert.deepEqual(
        numbers,
        settled.map(({ seq }) => seq),
      )
      assert.equal(queue.entries, 0)
    }),
    { numRuns: 20 },
  )
})
