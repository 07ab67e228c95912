import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Expiry, type Term } from '../../gateway/exchange/upstream/expiry.ts'
import { until } from '../support/until.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as (how: { type: 'minor' | 'major' }) => void

/** As many calls under way at once, and as many from one collection of what is young to the next. */
const [underWay, between, collections] = [64, 600, 60]
/** Of the heap, what belongs to one call. */
const words = 500

test('calls that are over are gone with what is young, and keep no later call', () => {
  const expiry = new Expiry<unknown[]>(60_000, () => {})
  const terms: Term<unknown[]>[] = []
  const step = (): void => {
    terms.push(expiry.begin(new Array(words).fill(0)))
    if (terms.length > underWay) expiry.end(terms.shift()!)
  }
  const run = (): void => {
    for (let call = 0; call < between; call++) step()
    collect({ type: 'minor' })
  }
  for (let warm = 0; warm < 3; warm++) run()
  // what is there now is old from here on
  collect({ type: 'major' })
  const before = process.memoryUsage().heapUsed
  for (let collection = 0; collection < collections; collection++) run()
  const grown = process.memoryUsage().heapUsed - before
  expiry.close()
  // in a Map each table kept the next, and with it what was under way then: 15 MB
  assert.ok(grown < 5e6, `${grown} bytes were kept of ${between * collections} calls`)
})

test('a limit ends those that are still there, once each, in the order they began', async () => {
  const over: string[] = []
  const expiry = new Expiry<string>(5, name => over.push(name))
  const [first, second] = [expiry.begin('first'), expiry.begin('second')]
  expiry.begin('third')
  expiry.end(second)
  expiry.end(second)
  await until('the limit is over', () => over.length === 2)
  expiry.end(first)
  assert.deepEqual(over, ['first', 'third'])
  // and begins again for who comes later
  expiry.begin('fourth')
  await until('the limit is over again', () => over.length === 3)
  assert.equal(over[2], 'fourth')
})

test('what one ends while another expires is not expired', async () => {
  const over: string[] = []
  const others: Term<string>[] = []
  const expiry: Expiry<string> = new Expiry<string>(5, name => {
    over.push(name)
    for (const other of others) expiry.end(other)
  })
  expiry.begin('first')
  others.push(expiry.begin('second'))
  await until('the limit is over', () => over.length > 0)
  // whoever comes later is over later
  expiry.begin('third')
  await until('the limit is over again', () => over.at(-1) === 'third')
  assert.deepEqual(over, ['first', 'third'])
})
