import assert from 'node:assert/strict'
import { copyFile, readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { verifyFolder } from '../../gateway/records/verify/folder.ts'
import { accessDraft } from './drafts.ts'
import { entriesIn, folderFor, logIn } from './folder.ts'

const first = 'gw1-0.000001.jsonl'

/** A log of a few batches; returns its bytes and where its batches end. */
async function sample(t: Parameters<typeof folderFor>[0]) {
  const directory = await folderFor(t)
  const log = await logIn(t, directory)
  for (const many of [1, 3, 2]) await log.append(Array.from({ length: many }, () => accessDraft()))
  await log.close()
  const bytes = await readFile(join(directory, first))
  const ends: number[] = []
  for (let at = bytes.indexOf('{"batch":'); at >= 0; at = bytes.indexOf('{"batch":', at + 1))
    ends.push(bytes.indexOf('\n', at) + 1)
  return { bytes, ends }
}

test('cut at any byte, a log goes on after its last whole batch and says how much it cut', async t => {
  const { bytes, ends } = await sample(t)
  const recordsAt = (size: number) => [1, 2, 5, 7][ends.findLastIndex(end => end <= size)] ?? 0
  const directory = await folderFor(t)
  const path = join(directory, first)
  for (let size = 0; size < bytes.length; size += size % 7 === 0 ? 1 : 13) {
    await writeFile(path, bytes.subarray(0, size))
    const log = await logIn(t, directory)
    const [receipt] = await log.append([accessDraft()])
    await log.close()
    const entries = await entriesIn(directory)
    const found = recordsAt(size)
    const resume = entries[found]!
    assert.deepEqual(
      [resume.kind, resume['found'], resume['cut']],
      ['resume', found, size - (ends.findLast(end => end <= size) ?? 0)],
    )
    assert.equal(receipt!.seq, found + 1)
    assert.deepEqual(
      entries.map(entry => entry.seq),
      entries.map((_, nth) => nth),
    )
    assert.deepEqual((await verifyFolder(directory))[0]!.problems, [])
  }
})

test('a torn end is a note to those who read meanwhile, and its records do not count', async t => {
  const { bytes, ends } = await sample(t)
  const directory = await folderFor(t)
  for (let size = ends.at(-2)! + 1; size < bytes.length; size += 11) {
    await writeFile(join(directory, first), bytes.subarray(0, size))
    const [report] = await verifyFolder(directory)
    assert.deepEqual([report!.problems, report!.notes.map(note => note.code)], [[], ['TAIL_TORN']])
    assert.equal((await entriesIn(directory)).length, 5)
  }
})

test('files without a whole batch at the end of a log are passed over', async t => {
  const { bytes } = await sample(t)
  const directory = await folderFor(t)
  await writeFile(join(directory, first), bytes)
  await writeFile(join(directory, 'gw1-0.000002.jsonl'), '')
  await writeFile(join(directory, 'gw1-0.000003.jsonl'), bytes.subarray(0, 40))
  const log = await logIn(t, directory)
  assert.equal((await log.append([accessDraft()]))[0]!.seq, 8)
  assert.deepEqual((await verifyFolder(directory))[0]!.problems, [])
})

test('damage is not cut: it stays to be seen, and the log goes on in a new file with new numbers', async t => {
  const { bytes, ends } = await sample(t)
  const places = [
    10,
    ends[0]! + 30,
    ends[1]! + 200,
    ends[2]! + 5,
    bytes.length - 1,
    bytes.length - 20,
    bytes.length - 170,
  ]
  for (const place of places) {
    const directory = await folderFor(t)
    const flipped = Buffer.from(bytes)
    flipped[place]! ^= 1
    await writeFile(join(directory, first), flipped)
    const log = await logIn(t, directory)
    const [receipt] = await log.append([accessDraft()])
    await log.close()
    assert.ok((await readFile(join(directory, first))).equals(flipped), `byte ${place}`)
    const entries = await entriesIn(directory)
    assert.ok(entries.some(entry => entry.kind === 'gap' && entry['cause'] === 'damage'))
    assert.ok(receipt!.seq >= 9, 'numbers that may have been given are not given again')
    assert.ok((await verifyFolder(directory))[0]!.problems.length > 0)
  }
})

test('a frame that cannot be read any more does not give the numbers of its batch away again', async t => {
  const { bytes } = await sample(t)
  for (const back of [2, 10, 20, 44, 60, 110, 140]) {
    const directory = await folderFor(t)
    const broken = Buffer.from(bytes)
    broken[bytes.length - back] = 0x60
    await writeFile(join(directory, first), broken)
    const log = await logIn(t, directory)
    const [receipt] = await log.append([accessDraft()])
    assert.ok(receipt!.seq >= 9, `${back} bytes before the end`)
  }
})

test('a copy of a log that is being written can be read and verified', async t => {
  const directory = await folderFor(t)
  const copy = await folderFor(t)
  const log = await logIn(t, directory)
  let stop = false
  const writing = (async () => {
    while (!stop) await Promise.all(Array.from({ length: 8 }, () => log.append([accessDraft()])))
  })()
  for (let nth = 0; nth < 10; nth++) {
    await copyFile(join(directory, first), join(copy, first))
    const [report] = await verifyFolder(copy)
    assert.deepEqual(report!.problems, [])
    assert.deepEqual((await verifyFolder(directory))[0]!.problems, [])
    const entries = await entriesIn(directory)
    assert.deepEqual(
      entries.map(entry => entry.seq),
      entries.map((_, at) => at),
    )
  }
  stop = true
  await writing
  await truncate(join(copy, first), 0)
})
