import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { test } from 'node:test'
import { Refusal } from '../../gateway/errors.ts'
import type { Disk } from '../../gateway/records/log/disk.ts'
import { RecordsFault } from '../../gateway/records/log/records-fault.ts'
import { verifyFolder } from '../../gateway/records/verify/folder.ts'
import { accessDraft } from './drafts.ts'
import { diskWith, entriesIn, folderFor, logIn, until } from './folder.ts'

const unusable = (error: unknown) => error instanceof Refusal && error.code === 'RECORDS_UNUSABLE'

const errnoError = (code: string) => Object.assign(new Error(code), { code })

/** A disk that notes what is asked of each descriptor, and fails while told to. */
function failing(code: string) {
  const asked: { what: string; path: string }[] = []
  const paths = new Map<number, string>()
  const state = { failed: null as number | null, broken: false }
  const disk: Disk = diskWith(real => ({
    open: async (path, ...rest) => {
      const fd = await real.open(path, ...rest)
      paths.set(fd, path)
      return fd
    },
    write: (fd, ...rest) => {
      asked.push({ what: 'write', path: paths.get(fd)! })
      return real.write(fd, ...rest)
    },
    fdatasync: (async (fd: number) => {
      asked.push({ what: 'sync', path: paths.get(fd)! })
      if (state.broken) {
        state.failed ??= asked.length
        throw errnoError(code)
      }
      await real.fdatasync(fd)
    }) as Disk['fdatasync'],
  }))
  return { disk, asked, state }
}

test('after a failed sync everything unacknowledged is rejected, and that file is never touched again', async t => {
  const directory = await folderFor(t)
  const { disk, asked, state } = failing('EIO')
  const log = await logIn(t, directory, { disk })
  await log.append([accessDraft()])
  state.broken = true
  const waiting = await Promise.allSettled(Array.from({ length: 5 }, () => log.append([accessDraft()])))
  assert.ok(waiting.every(one => one.status === 'rejected' && unusable(one.reason)))
  assert.deepEqual([log.usable, log.health.cause], [false, 'io_error'])
  await assert.rejects(log.append([accessDraft()]), unusable)
  state.broken = false
  await until(log, health => health.usable)
  const [receipt] = await log.append([accessDraft()])
  const after = asked.slice(state.failed!)
  assert.ok(after.length > 0)
  assert.ok(after.every(({ path }) => path !== asked[state.failed! - 1]!.path))
  await log.close()

  const [report] = await verifyFolder(directory)
  assert.deepEqual(report!.problems, [])
  assert.deepEqual(
    report!.notes.map(note => note.code),
    ['GAP_NOTED'],
  )
  const entries = await entriesIn(directory)
  assert.deepEqual(
    entries.map(entry => entry.seq),
    [0, 1, 2, 3],
  )
  assert.equal(receipt!.seq, 3)
  assert.deepEqual([entries[2]!.kind, entries[2]!['cause'], entries[2]!['dropped']], ['gap', 'io_error', 5])
})

test('a batch that reached the disk although its sync failed does not count, so that no number is used twice', async t => {
  const directory = await folderFor(t)
  const { disk, state } = failing('EIO')
  const log = await logIn(t, directory, { disk })
  state.broken = true
  await assert.rejects(log.append([accessDraft({ operator: 'unacknowledged' })]), unusable)
  state.broken = false
  await until(log, health => health.usable)
  await log.append([accessDraft({ operator: 'acknowledged' })])
  await log.close()
  const again = await logIn(t, directory)
  await again.append([accessDraft({ operator: 'later' })])
  const entries = await entriesIn(directory)
  assert.deepEqual(
    entries.map(entry => entry.seq),
    [0, 1, 2, 3, 4],
  )
  assert.deepEqual(
    entries.map(entry => entry['operator'] ?? null),
    [null, null, 'acknowledged', null, 'later'],
  )
  assert.deepEqual((await verifyFolder(directory))[0]!.problems, [])
})

test('a disk that does not answer is not waited for', async t => {
  const directory = await folderFor(t)
  let stalled = false
  let letGo: () => void = () => {}
  const held = new Promise<void>(resolve => (letGo = resolve))
  const disk = diskWith(real => ({
    write: async (...args) => {
      if (stalled) await held
      return real.write(...args)
    },
  }))
  const log = await logIn(t, directory, { disk, deadline: 1000 })
  stalled = true
  const waiting = log.append([accessDraft({ operator: 'stalled' })])
  await assert.rejects(waiting, unusable)
  assert.equal(log.health.cause, 'stalled')
  await assert.rejects(log.append([accessDraft()]), unusable)
  stalled = false
  letGo()
  await until(log, health => health.usable)
  await log.append([accessDraft()])
  await log.close()
  const entries = await entriesIn(directory)
  assert.ok(entries.every(entry => entry['operator'] !== 'stalled'))
  assert.deepEqual((await verifyFolder(directory))[0]!.problems, [])
})

test('while the disk stays broken, files that were tried do not pile up', async t => {
  const directory = await folderFor(t)
  const { disk, state } = failing('ENOSPC')
  const log = await logIn(t, directory, { disk })
  state.broken = true
  await assert.rejects(log.append([accessDraft()]), unusable)
  assert.equal(log.health.cause, 'disk_full')
  await new Promise(resolve => setTimeout(resolve, 1200))
  state.broken = false
  await until(log, health => health.usable)
  await log.close()
  assert.equal((await readdir(directory)).filter(name => name.endsWith('.jsonl')).length, 2)
})

test('a log that cannot be started says where and why, and leaves no lock behind', async t => {
  const directory = await folderFor(t)
  const { disk, state } = failing('EROFS')
  state.broken = true
  await assert.rejects(logIn(t, directory, { disk }), (error: unknown) => {
    assert.ok(error instanceof RecordsFault)
    assert.equal(error.code, 'unwritable')
    assert.ok(error.words.en.includes(directory) && error.words.zh.includes(directory))
    return true
  })
  const log = await logIn(t, directory)
  assert.equal(log.usable, true)
})

test('a log can be closed while its disk is broken', async t => {
  const directory = await folderFor(t)
  const { disk, state } = failing('EIO')
  const log = await logIn(t, directory, { disk })
  state.broken = true
  const rejected = assert.rejects(log.append([accessDraft()]), unusable)
  await log.close()
  await rejected
})
