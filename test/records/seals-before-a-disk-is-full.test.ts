import assert from 'node:assert/strict'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { SealDraft } from '../../gateway/records/drafts.ts'
import { ProofFolder } from '../../gateway/records/notary/proof-folder.ts'
import { StoredRecords } from '../../gateway/records/notary/stored-records.ts'
import { type DraftRequest, Sealer, type SealerState } from '../../gateway/records/sealing/sealer.ts'
import { accessDraft } from './drafts.ts'
import { folderFor, logIn } from './folder.ts'

const name = 'gw1-0'

/** Three full files that wait, and who seals them, on a disk with as much room as `room` says. */
async function waiting(t: TestContext) {
  const directory = await folderFor(t)
  const log = await logIn(t, directory, { log: name, fileBytes: 20_000 })
  while (log.durable.file < 4) await log.append(Array.from({ length: 10 }, () => accessDraft()))
  await log.append([accessDraft()])
  const plain = async () => (await readdir(directory)).filter(one => /\.00000[123]\.jsonl$/.test(one)).sort()
  const sizes = await Promise.all((await plain()).map(async one => (await stat(join(directory, one))).size))
  const disk = { room: 0 }
  const asked: DraftRequest[] = []
  const recorded: SealDraft[] = []
  const states: SealerState[] = []
  const sealer = new Sealer({
    ...{ directory, log: name },
    stored: new StoredRecords(directory, name, new Map()),
    folder: new ProofFolder(directory, name),
    room: () => disk.room,
    ask: request => asked.push(request),
    record: draft => recorded.push(draft),
    tell: state => states.push(state),
    count() {},
  })
  const next = () => sealer.next(log.durable)
  const sum = sizes.reduce((all, size) => all + size)
  assert.equal(sizes.length, 3)
  return { ...{ disk, asked, recorded, states, sealer, plain, next, sizes }, bytes: sum }
}

test('files that take a tenth of the room wait for who has time', async t => {
  const { disk, asked, recorded, states, next, bytes } = await waiting(t)
  disk.room = bytes * 10
  for (let nth = 0; nth < 3; nth++) next()
  assert.deepEqual(
    asked.map(({ file }) => file),
    [1],
  )
  assert.deepEqual([recorded, states], [[], []])
})

test('where they take more, they are sealed at once, one after the other, until the rest takes no more', async t => {
  const { disk, asked, recorded, states, sealer, plain, next, bytes, sizes } = await waiting(t)
  disk.room = bytes * 10 - 1
  next()
  next()
  assert.deepEqual(
    recorded.map(({ file }) => file),
    [1],
  )
  assert.deepEqual(states, [{ is: 'behind', file: 1 }])
  sealer.recorded(1, true)
  assert.deepEqual(await plain(), ['gw1-0.000002.jsonl', 'gw1-0.000003.jsonl'])
  // what was sealed leaves room, and the rest is less than a tenth of it
  disk.room += sizes[0]!
  next()
  assert.deepEqual([recorded.length, asked.map(({ file }) => file)], [1, [2]])
})

test('where room ends while somebody is at a file, the others are sealed first, and then that one, too', async t => {
  const { disk, asked, recorded, states, sealer, plain, next, bytes } = await waiting(t)
  disk.room = bytes * 10
  next()
  disk.room = 0
  for (const file of [2, 3, 1]) {
    next()
    assert.equal(recorded.at(-1)!.file, file)
    sealer.recorded(file, true)
  }
  assert.deepEqual(await plain(), [])
  next()
  assert.deepEqual([asked.length, recorded.length], [1, 3])
  assert.deepEqual(
    states.map(({ is }) => is),
    ['behind', 'current'],
  )
})
