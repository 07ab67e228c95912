import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ReachCounter } from '../../gateway/records/query/people.ts'
import { sampleSize } from '../../gateway/records/query/source.ts'
import { binomialTail, weightOf } from '../../gateway/records/tracing.ts'
import { uniformFrom } from '../support/chance.ts'

/** The same sum, by numbers that are exact enough for few. */
function tail(k: number, n: number, p: number): number {
  let [sum, choose] = [0, 1]
  for (let i = 0; i <= n; i++) {
    if (i >= k) sum += choose * p ** i * (1 - p) ** (n - i)
    choose = (choose * (n - i)) / (i + 1)
  }
  return Math.log10(sum)
}

const isNear = (one: number, other: number, within: number) =>
  assert.ok(Math.abs(one - other) <= within, `${one} is not within ${within} of ${other}`)

test('the odds of chance are those of a binomial, however small', () => {
  for (const n of [1, 2, 10, 40])
    for (const p of [0.001, 0.2, 0.5, 0.97])
      for (let k = 1; k <= n; k++) isNear(binomialTail(k, n, p), tail(k, n, p), 1e-6)
  assert.equal(binomialTail(0, 300, 0.1), 0)
  isNear(binomialTail(300, 300, 0.1), -300, 1e-6)
  isNear(binomialTail(3000, 3000, 0.01), -6000, 1e-3)
})

test('who explains all of a list outweighs who explains half of it, and who saw everybody explains nothing', () => {
  assert.ok(weightOf(300, 300, 0.1) > weightOf(210, 300, 0.1))
  assert.ok(weightOf(210, 300, 0.1) > weightOf(150, 300, 0.1))
  assert.ok(weightOf(300, 300, 0.1) > weightOf(300, 300, 0.5))
  assert.ok(Math.abs(weightOf(300, 300, 1)) < 1e-9)
  assert.ok(weightOf(30, 300, 0.1) < 0)
})

test('of very many people a sample tells how many there are, and how many of them each accessor saw', () => {
  const chance = uniformFrom(7)
  const counter = new ReachCounter()
  const marks = Array.from({ length: 40_000 }, () => Math.floor(chance() * 2 ** 48))
  for (let again = 0; again < 2; again++)
    for (const [nth, mark] of marks.entries()) {
      counter.add(mark, 'all')
      if (nth % 4 === 0) counter.add(mark, 'quarter')
    }
  const { people, sampled, seenBy } = counter.result('2026-11')
  assert.equal(sampled, sampleSize)
  assert.equal(seenBy.get('all'), sampleSize)
  isNear(seenBy.get('quarter')! / sampled, 0.25, 0.05)
  isNear(people, 40_000, 4000)
  const few = new ReachCounter()
  few.add(5, 'one')
  few.add(6, 'one')
  assert.deepEqual(few.result('2026-11'), { month: '2026-11', people: 2, sampled: 2, seenBy: new Map([['one', 2]]) })
})
