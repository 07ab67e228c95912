import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Questions } from '../../plugins/formats/workbook/protocol.ts'
import { type Answer, convertInThread } from '../../plugins/formats/workbook/thread.ts'
import { id, tel } from './people-plan.ts'
import { everything, packed, plain } from './workbook-parts.ts'

let begun = 0
process.on('worker', () => begun++)

/** How many threads are begun meanwhile. */
async function begunIn(task: () => Promise<unknown>): Promise<number> {
  const before = begun
  await task()
  return begun - before
}

const keepAll: Answer = (kind, asks) => {
  if (kind !== 'rows') return asks as readonly string[]
  return (asks as Questions['rows']['asks']).rows.texts.map(() => true)
}

const named = (name: string) => packed(plain(`<row r="1"><c r="A1" t="inlineStr"><is><t>${name}</t></is></c></row>`))
const broken = packed(plain('<row>'))

test('one thread takes workbooks one after the other, and each leaves as from a thread of its own', async () => {
  const alone = new Map<Buffer, Uint8Array>()
  const workbooks = [named('张三丰'), packed(everything('李四光', id, tel)), named('王五')]
  for (const workbook of workbooks) {
    await assert.rejects(convertInThread(broken, keepAll), { code: 'malformed' })
    assert.equal(await begunIn(async () => alone.set(workbook, await convertInThread(workbook, keepAll))), 1)
  }
  const again = async () => {
    for (const workbook of [...workbooks, ...workbooks.toReversed()])
      assert.deepEqual(await convertInThread(workbook, keepAll), alone.get(workbook))
  }
  assert.equal(await begunIn(again), 0)
})

test('a thread that failed, or whose questions could not be answered, is not used again', async () => {
  await convertInThread(named('a'), keepAll)
  const failing: [Answer, object][] = [
    [keepAll, { code: 'malformed' }],
    [
      () => {
        throw new RangeError('no answer')
      },
      { name: 'RangeError' },
    ],
    [() => [], { name: 'TypeError' }],
    [() => (() => {}) as never, { name: 'DataCloneError' }],
  ]
  for (const [answer, expected] of failing) {
    const bytes = answer === keepAll ? broken : named('b')
    assert.equal(await begunIn(() => assert.rejects(convertInThread(bytes, answer), expected)), 0)
    assert.equal(await begunIn(() => convertInThread(named('c'), keepAll)), 1)
  }
})

test('a workbook that takes too long is too large, and its thread is not used again', async () => {
  await assert.rejects(convertInThread(broken, keepAll))
  // To begin a thread alone takes longer than that.
  const inOneMillisecond = () => assert.rejects(convertInThread(named('d'), keepAll, 1), { code: 'too_large' })
  assert.equal(await begunIn(inOneMillisecond), 1)
  assert.equal(await begunIn(() => convertInThread(named('e'), keepAll)), 1)
})

test('two threads run at a time, some workbooks wait for one, and more are refused', async () => {
  await assert.rejects(convertInThread(broken, keepAll))
  const workbooks = Array.from({ length: 20 }, (_, at) => named(`name ${at}`))
  let outcomes: PromiseSettledResult<Uint8Array>[] = []
  const all = async () => {
    outcomes = await Promise.allSettled(workbooks.map(bytes => convertInThread(bytes, keepAll)))
  }
  assert.equal(await begunIn(all), 2)
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    [...Array(18).fill('fulfilled'), 'rejected', 'rejected'],
  )
})
