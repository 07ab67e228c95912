import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { Refusal } from '../../gateway/errors.ts'
import type { disk } from '../../gateway/records/log/disk.ts'
import { EntryFault } from '../../gateway/records/shapes.ts'
import { verifyFolder } from '../../gateway/records/verify/folder.ts'
import { accessDraft } from './drafts.ts'
import { diskWith, entriesIn, folderFor, logIn } from './folder.ts'

test('an append resolves after its bytes were synced, and not before', async t => {
  const directory = await folderFor(t)
  let letGo: () => void = () => {}
  let asked: () => void = () => {}
  const held = new Promise<void>(resolve => (letGo = resolve))
  const reached = new Promise<void>(resolve => (asked = resolve))
  let syncs = 0
  const slow = diskWith(real => ({
    fdatasync: (async (fd: number) => {
      if (++syncs > 1) {
        asked()
        await held
      }
      await real.fdatasync(fd)
    }) as typeof disk.fdatasync,
  }))
  const log = await logIn(t, directory, { disk: slow })
  let resolved = false
  const appended = log.append([accessDraft()]).then(receipts => {
    resolved = true
    return receipts
  })
  await reached
  assert.match(await readFile(join(directory, 'gw1-0.000001.jsonl'), 'utf8'), /"seq":1,/)
  assert.equal(resolved, false)
  letGo()
  assert.deepEqual(await appended, [{ log: 'gw1-0', seq: 1, id: 'gw1-0:1' }])
})

test('what queues while a batch is written becomes the next batch', async t => {
  const directory = await folderFor(t)
  const log = await logIn(t, directory)
  const before = log.counts.batches
  const receipts = await Promise.all(Array.from({ length: 300 }, () => log.append([accessDraft()])))
  assert.deepEqual(
    receipts.map(([receipt]) => receipt!.seq),
    Array.from({ length: 300 }, (_, nth) => nth + 1),
  )
  assert.ok(log.counts.batches - before <= 2)
  assert.equal(log.counts.queued, 0)
})

test('a draft that is refused leaves no trace, and those before and after it are written', async t => {
  const directory = await folderFor(t)
  const log = await logIn(t, directory)
  const wrong = accessDraft({ consumer: 'two words' })
  const [first, refused, last] = await Promise.allSettled([
    log.append([accessDraft()]),
    log.append([accessDraft(), wrong]),
    log.append([accessDraft()]),
  ])
  assert.equal(first.status, 'fulfilled')
  assert.ok(refused.status === 'rejected' && refused.reason instanceof EntryFault)
  assert.ok(last.status === 'fulfilled' && last.value[0]!.seq === 2)
  assert.deepEqual(await log.append([]), [])
})

test('short writes are written on', async t => {
  const directory = await folderFor(t)
  const log = await logIn(t, directory, {
    disk: diskWith(real => ({
      write: (fd, bytes, at, length) => real.write(fd, bytes, at, Math.min(length, 1 + (at % 61))),
    })),
  })
  await Promise.all(Array.from({ length: 20 }, () => log.append([accessDraft(), accessDraft()])))
  await log.close()
  assert.equal((await entriesIn(directory)).length, 41)
  assert.deepEqual((await verifyFolder(directory))[0]!.problems, [])
})

test('the queue is bounded, and says that it is full', async t => {
  const directory = await folderFor(t)
  const log = await logIn(t, directory)
  const settled = await Promise.allSettled(Array.from({ length: 5000 }, () => log.append([accessDraft()])))
  const refused = settled.filter(one => one.status === 'rejected').map(one => one.reason)
  assert.equal(refused.length, 5000 - 4096)
  for (const reason of refused) {
    assert.ok(reason instanceof Refusal && reason.code === 'OVERLOADED')
    assert.equal(reason.details.retryAfter, 1)
  }
  assert.equal((await log.append([accessDraft()]))[0]!.seq, 4097)
})

test('a closed log has written all it took, and takes no more', async t => {
  const directory = await folderFor(t)
  const log = await logIn(t, directory)
  const taken = Promise.all(Array.from({ length: 500 }, () => log.append([accessDraft()])))
  await log.close()
  await taken
  await assert.rejects(
    log.append([accessDraft()]),
    (error: unknown) => error instanceof Refusal && error.code === 'STOPPING',
  )
  assert.equal((await entriesIn(directory)).length, 501)
  assert.equal(log.usable, false)
})

test('a full file is followed by another, and the log goes on without a break', async t => {
  const directory = await folderFor(t)
  const log = await logIn(t, directory, { fileBytes: 4096 })
  for (let nth = 0; nth < 40; nth++) await log.append([accessDraft()])
  await log.close()
  const [report] = await verifyFolder(directory)
  assert.ok(report!.files > 5)
  assert.deepEqual([report!.entries, report!.problems], [41, []])
  const again = await logIn(t, directory, { fileBytes: 4096 })
  assert.equal((await again.append([accessDraft()]))[0]!.seq, 42)
})

test('time does not go backwards in a log, and a clock that does is noted once', async t => {
  const directory = await folderFor(t)
  let now = Date.parse('2026-11-21T09:30:00.000Z')
  const log = await logIn(t, directory, { clock: () => now })
  await log.append([accessDraft()])
  now -= 3_600_000
  await log.append([accessDraft()])
  await log.append([accessDraft()])
  now += 3_600_500
  await log.append([accessDraft()])
  await log.close()
  now -= 7_200_000
  const again = await logIn(t, directory, { clock: () => now })
  await again.append([accessDraft()])
  const entries = await entriesIn(directory)
  assert.deepEqual(
    entries.map(({ kind, time }) => `${kind} ${time.slice(11, 23)}`),
    [
      'resume 09:30:00.000',
      'access 09:30:00.000',
      'gap 09:30:00.000',
      'access 09:30:00.000',
      'access 09:30:00.000',
      'access 09:30:00.500',
      'resume 09:30:00.500',
      'gap 09:30:00.500',
      'access 09:30:00.500',
    ],
  )
  assert.deepEqual([entries[2]!['cause'], entries[2]!['seconds']], ['clock', 3600])
  const [verified] = await verifyFolder(directory)
  assert.deepEqual(verified!.problems, [])
  const notes = verified!.notes.map(({ code }) => code)
  assert.deepEqual(notes, ['CLOCK_NOTED', 'CLOCK_NOTED'])
})
