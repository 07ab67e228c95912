import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lagging } from '../../gateway/cli/companions/lagging.ts'
import { LagBoard } from '../../gateway/console/lag.ts'

const words = { far: { zh: '远', en: 'far' }, near: { zh: '近', en: 'near' } }

test('metrics say how far index and copy are behind, and nothing of a copy where there is none', async () => {
  const board = new LagBoard()
  const metrics = board.beside({ contentType: 'text/plain', render: async () => 'others 1\n' })
  assert.equal(await metrics.render(), 'others 1\n')
  board.put('index', () => ({ records: null, seconds: 3 }))
  assert.match(await metrics.render(), /^others 1\n[\s\S]*^veilgate_records_index_behind_seconds 3$/m)
  assert.doesNotMatch(await metrics.render(), /copy/)
  let lag: { records: number | null; seconds: number } = { records: 12, seconds: 70 }
  board.put('copy', () => lag)
  assert.match(
    await metrics.render(),
    /^veilgate_records_copy_behind_seconds 70$[\s\S]*^veilgate_records_copy_behind_records 12$/m,
  )
  lag = { records: null, seconds: 80 }
  assert.match(await metrics.render(), /^veilgate_records_copy_behind_records Nan$/m)
})

test('who is far behind is reported once, and once when it has caught up; who is silent falls behind', () => {
  const said: string[] = []
  const log = {
    error: ({ en }: { en: string }, fields?: object) => void said.push(`${en} ${JSON.stringify(fields)}`),
    info: ({ en }: { en: string }) => void said.push(en),
  }
  let now = 1_000_000
  const behind = lagging(words, log, () => now)
  behind.hear({ records: 4, seconds: 899 })
  behind.hear({ records: 5, seconds: 900 })
  behind.hear({ records: 6, seconds: 950 })
  behind.hear({ records: 1, seconds: 61 })
  assert.deepEqual(said, ['far {"seconds":900,"count":5}'])
  behind.hear({ records: 0, seconds: 0 })
  assert.deepEqual(said.splice(0), ['far {"seconds":900,"count":5}', 'near'])
  now += 9_000
  assert.deepEqual(behind.lag(), { records: 0, seconds: 0 })
  now += 1_000_000
  assert.deepEqual(behind.lag(), { records: 0, seconds: 1009 })
  behind.hear({ records: null, seconds: 1020 })
  assert.deepEqual(said, ['far {"seconds":1020}'])
  behind.close()
})
