import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DiskPatience } from '../../gateway/records/log/disk-patience.ts'
import { accessDraft } from './drafts.ts'
import { diskWith, entriesIn, folderFor, logIn } from './folder.ts'

test('a disk that owes an answer is waited for as long as said, counted anew for each thing it is asked', () => {
  const patience = new DiskPatience(2000, 250)
  assert.equal(patience.isOver(10_000), false)
  patience.begin(0)
  for (let now = 250; now <= 2000; now += 250) assert.equal(patience.isOver(now), false)
  assert.equal(patience.isOver(2250), true)
  patience.begin(2250)
  assert.deepEqual([patience.isWaiting, patience.isOver(2500)], [true, false])
  patience.end()
  assert.deepEqual([patience.isWaiting, patience.isOver(10_000)], [false, false])
})

test('a pause of the process counts for one look; a disk that goes on owing is found all the same', () => {
  const patience = new DiskPatience(2000, 250)
  patience.begin(0)
  assert.equal(patience.isOver(60_000), false)
  let looks = 1
  for (let now = 61_000; !patience.isOver(now); now += 1000) looks++
  assert.equal(looks, 8)
})

test('a process that stands still for longer than the disk may take loses nothing and goes on', async t => {
  const directory = await folderFor(t)
  let stands = false
  const disk = diskWith(real => ({
    write: (...given) => {
      const writing = real.write(...given)
      if (stands) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2600)
      stands = false
      return writing
    },
  }))
  const log = await logIn(t, directory, { disk })
  stands = true
  const [receipt] = await log.append([accessDraft()])
  assert.equal(receipt!.seq, 1)
  assert.deepEqual([log.usable, log.health.cause], [true, null])
  assert.deepEqual(
    (await entriesIn(directory)).map(({ kind }) => kind),
    ['resume', 'access'],
  )
})
