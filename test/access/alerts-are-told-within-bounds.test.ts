import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTelling } from '../../gateway/access/alerts/telling.ts'
import type { Notice, Notify } from '../../gateway/contracts.ts'
import { until } from '../support/until.ts'

const notice = (nth: number): Notice => ({
  ...{ id: `n${nth}`, time: '2026-11-21T09:30:00.000Z', rule: 'r', words: { zh: '告警', en: 'alert' } },
  ...{ consumer: null, operator: 'u1', address: null, amount: nth, limit: 0, record: `gw1-0:${nth}` },
})

function telling(notify: Notify, bounds: { patience?: number; pauses?: number[] } = {}) {
  const givenUp: string[] = []
  const made = createTelling({
    notifiers: new Map([['one', notify]]),
    onGivenUp: (_, { id }) => givenUp.push(id),
    pauses: [1, 1],
    ...bounds,
  })
  return { ...made, givenUp }
}

test('what is refused is tried again, in order, and given up after some attempts', async () => {
  const attempts: string[] = []
  const { tell, givenUp } = telling(async ({ id, amount }) => {
    attempts.push(id)
    if (amount === 1 || attempts.length < 3) throw new Error('busy')
  })
  tell(notice(0))
  tell(notice(1))
  tell(notice(2))
  await until('a first attempt of the last', () => attempts.at(-1) === 'n2')
  assert.deepEqual(attempts, ['n0', 'n0', 'n0', 'n1', 'n1', 'n1', 'n2'])
  assert.deepEqual(givenUp, ['n1'])
})

test('one that never answers holds up nobody else, and is given up in time', async () => {
  const told: string[] = []
  const givenUp: string[] = []
  const { tell, close } = createTelling({
    notifiers: new Map<string, Notify>([
      ['stalls', () => new Promise(() => {})],
      ['works', async ({ id }) => void told.push(id)],
    ]),
    onGivenUp: name => givenUp.push(name),
    patience: 20,
    pauses: [],
  })
  tell(notice(0))
  await until('one told, one given up', () => told.length === 1 && givenUp.length === 1)
  assert.deepEqual([told, givenUp], [['n0'], ['stalls']])
  await close()
})

test('no more than a hundred wait, and closing gives up the rest at once', async () => {
  const { tell, close, givenUp } = telling(() => new Promise(() => {}))
  for (let nth = 0; nth < 150; nth++) tell(notice(nth))
  assert.equal(givenUp.length, 49)
  await close()
  assert.equal(givenUp.length, 150)
})
